//go:build !js

package check

// windowSize is how many bytes are judged at once, of which there are dozens.
const windowSize = 256 << 10
