package build

// advicePages is how many pages are made again to give advice, in a browser,
// which is slower and draws them on one processor.
const advicePages = 3
