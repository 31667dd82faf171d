package synthpdf

import "math"

// imagesArrete are the two pictures of an arrêté: the coat of arms at its head
// and the seal at its foot, as an office suite embeds them, in grey and with
// the grain of the paper that they were scanned from.
type imagesArrete struct{ armes, sceau image }

// image is a grey picture, 8 bits a pixel, compressed by zlib.
type image struct {
	cote int // its width and height, in pixels
	data []byte
}

// The sides of the pictures, in pixels: with them an arrêté of four pages
// weighs the 60 Ko of the DGFiP note.
const (
	coteArmes = 202
	coteSceau = 138
)

func newImagesArrete(seed uint64) imagesArrete {
	a := newAlea(seed, 3)
	return imagesArrete{armes: draw(a, coteArmes, ecu), sceau: draw(a, coteSceau, rond)}
}

// dessine renders a shape, a grey level of 0 to 255 for coordinates of -1 to
// 1, with grain.
func draw(a *alea, cote int, shape func(x, y float64) float64) image {
	const grain = 20
	pixels := make([]byte, cote*cote)
	for j := range cote {
		for i := range cote {
			x, y := 2*float64(i)/float64(cote-1)-1, 2*float64(j)/float64(cote-1)-1
			grey := shape(x, y) + float64(a.around(grain))
			pixels[j*cote+i] = byte(max(0, min(255, grey)))
		}
	}
	return image{cote, deflate(pixels)}
}

// ecu is a shield, party per cross.
func ecu(x, y float64) float64 {
	edge := 0.9
	if y > 0 {
		edge *= math.Sqrt(max(0, 1-y*y))
	}
	switch {
	case math.Abs(x) > edge || y < -0.95:
		return 235
	case math.Abs(x) > edge-0.06 || y < -0.88:
		return 40
	case (x > 0) == (y > -0.1):
		return 120 + 60*y
	}
	return 190 + 30*x
}

// rond is a seal: two circles and what looks like a legend between them.
func rond(x, y float64) float64 {
	r := math.Hypot(x, y)
	switch {
	case r > 0.97 || r < 0.93 && r > 0.9 || r < 0.55 && r > 0.52:
		if r > 0.97 {
			return 238
		}
		return 60
	case r > 0.6 && r < 0.85 && math.Sin(24*math.Atan2(y, x)) > 0.3:
		return 90
	case r < 0.3:
		return 110
	}
	return 225
}
