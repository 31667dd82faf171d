//go:build !js

package input

// mayChange tells that a file may change while it is read.
const mayChange = true
