package ui

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strings"
)

var (
	//go:embed assets/xhl.css
	styleSheet string
	//go:embed assets/xhl.js
	script string
	//go:embed assets/xhl.svg
	icon string
)

// assetFiles are what the pages load, by name.
var assetFiles = map[string]struct{ text, kind string }{
	"xhl.css": {styleSheet, "text/css; charset=utf-8"},
	"xhl.js":  {script, "text/javascript; charset=utf-8"},
	"xhl.svg": {icon, "image/svg+xml"},
}

// asset is the address of a file: it names the contents, so that a browser
// keeps it for good and asks again when it changes.
func asset(name string) string {
	sum := sha256.Sum256([]byte(assetFiles[name].text))
	return "/actifs/" + hex.EncodeToString(sum[:6]) + "/" + name
}

// assets serves the files, and the accent as a style sheet of two rules: a
// style in the page would need a hole in its policy.
func (s *Site) assets() {
	for name := range assetFiles {
		s.mux.HandleFunc("GET "+asset(name), func(w http.ResponseWriter, _ *http.Request) {
			serveAsset(w, assetFiles[name].text, assetFiles[name].kind)
		})
	}
	s.mux.HandleFunc("GET /actifs/accent/{colour}", func(w http.ResponseWriter, r *http.Request) {
		colour, _ := strings.CutSuffix(r.PathValue("colour"), ".css")
		accent := ReadableAccent("#" + colour)
		serveAsset(w, fmt.Sprintf(":root{--accent:light-dark(%s,%s);--accent-solid:%s}\n", accent, lightAccent(accent), accent), assetFiles["xhl.css"].kind)
	})
}

func serveAsset(w http.ResponseWriter, text, kind string) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Content-Security-Policy", "default-src 'none'")
	io.WriteString(w, text) // who went away needs no answer
}

// StyleSheet is the one style sheet, for a page that carries its own.
func StyleSheet() string { return styleSheet }

// Icon is the drawing beside the name, as SVG.
func Icon() string { return icon }
