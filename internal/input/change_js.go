package input

// mayChange is false in a browser: it gives no byte of a file that is no longer
// what was chosen, so what was read need not be read again.
const mayChange = false
