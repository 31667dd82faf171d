package page

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"paye/web/ui"
)

//go:embed assets
var assets embed.FS

// Parts of the script of the page and of its worker, in order.
var (
	pageScripts   = []string{"text.js", "parts.js", "host.js", "drop.js", "memory.js", "save.js", "app.js", "render.js", "pieces.js", "months.js", "volumes.js"}
	workerScripts = []string{"stream.js", "inputs.js", "files.js", "lend.js", "spool.js", "zip.js", "sha256.js", "peer.js", "program.js", "worker.js"}
)

// policy is what the page may do; the script and the style are held by digest.
const policy = "default-src 'none'; script-src '%s' 'wasm-unsafe-eval'; worker-src blob:; connect-src 'none'; img-src blob: data:; style-src '%s'; form-action 'none'; base-uri 'none'"

// Write writes the page. The same Artefact and version give the same bytes.
func Write(w io.Writer, a *Artefact, version string) error {
	style := tight.Replace(bare(ui.StyleSheet() + asset("page.css")))
	program := textOf(a.Program)
	script, err := pageScript(a, program, version)
	if err != nil {
		return err
	}
	worker, err := squeezed(bare(string(a.Exec)) + join(workerScripts))
	if err != nil {
		return err
	}
	for name, text := range map[string]string{"script": script, "worker": worker, "style": style} {
		if strings.Contains(text, "</s") || strings.Contains(text, "<!--") || strings.Contains(text, "\r") {
			return fmt.Errorf("the %s of the page would end its element", name)
		}
	}
	var page bytes.Buffer
	fmt.Fprintf(&page, "<!doctype html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\""+policy+"\">\n", digest(script), digest(style))
	page.WriteString("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<title>xhl</title>\n")
	fmt.Fprintf(&page, "<link rel=\"icon\" href=\"data:image/svg+xml;base64,%s\">\n", base64.StdEncoding.EncodeToString([]byte(ui.Icon())))
	fmt.Fprintf(&page, "<style>%s</style>\n</head>\n%s", style, asset("page.html"))
	fmt.Fprintf(&page, "<script type=\"text/plain\" id=\"worker\">%s</script>\n<script type=\"text/plain\" id=\"wasm\">\n%s</script>\n", worker, program)
	fmt.Fprintf(&page, "<script>%s</script>\n</body>\n</html>\n", script)
	if _, err := w.Write(page.Bytes()); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	return nil
}

// squeezed is a text compressed by gzip, in base64.
func squeezed(text string) (string, error) {
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err == nil {
		_, err = io.WriteString(z, text)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		return "", fmt.Errorf("compress a script of the page: %w", err)
	}
	return base64.StdEncoding.EncodeToString(packed.Bytes()), nil
}

// pageScript is the one script that the policy lets run. It holds the digest
// of the text of the program, which stands in a block that no policy is about.
func pageScript(a *Artefact, program []byte, version string) (string, error) {
	sum := sha256.Sum256(program)
	facts, err := json.Marshal(map[string]any{"version": version, "digest": hex.EncodeToString(sum[:]), "octets": len(a.Program)})
	if err != nil {
		return "", fmt.Errorf("write the script of the page: %w", err)
	}
	return "\"use strict\";\nconst build = " + string(facts) + ";\n" + join(pageScripts) + "begin();\n", nil
}

func join(names []string) string {
	var b strings.Builder
	for _, name := range names {
		b.WriteString(bare(asset(name)))
	}
	return b.String()
}

// bare is a script or a style without its indents and the lines that are comments; no
// text of ours goes over several lines.
func bare(script string) string {
	var b strings.Builder
	comment := false
	for line := range strings.Lines(script) {
		line = strings.TrimSpace(line)
		comment = comment || strings.HasPrefix(line, "/*")
		if line != "" && !comment && !strings.HasPrefix(line, "//") {
			b.WriteString(line + "\n")
		}
		comment = comment && !strings.HasSuffix(line, "*/")
	}
	return b.String()
}

// tight takes the blanks out of a style that are for the eye; no text in it has them.
var tight = strings.NewReplacer(" {\n", "{", " { ", "{", "; }", "}", ";\n", ";", "; ", ";", ": ", ":", ", ", ",")

// asset is a file of the package, which is there.
func asset(name string) string {
	b, err := assets.ReadFile("assets/" + name)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// digest is what a policy names a script or a style by.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

func readFile(path string) ([]byte, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read what the page is made of: %w", err)
	}
	return b, nil
}
