//go:build !js

package pdfw

import (
	"github.com/go-fonts/dejavu/dejavusanscondensed"
	"github.com/go-fonts/dejavu/dejavusanscondensedbold"
)

// wideSources are the fonts of the texts that the usual ones lack letters for:
// all of Latin, Greek, Cyrillic, Armenian and Georgian.
var wideSources = []source{Regular: {"DejaVuSansCondensed", dejavusanscondensed.TTF}, Bold: {"DejaVuSansCondensed-Bold", dejavusanscondensedbold.TTF}}
