package check

// windowSize is how many bytes are judged at once: in a browser, where each window
// that another worker judges is a message, and its harvest another.
const windowSize = 1 << 20
