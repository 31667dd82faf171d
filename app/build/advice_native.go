//go:build !js

package build

// advicePages is how many pages are made again to give advice: three signed
// documents of three pages, some seconds.
const advicePages = 9
