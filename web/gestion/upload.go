package gestion

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"unicode"

	"paye/web/ui"
)

// Limits of what is dropped at once.
const (
	maxDropped      = 8 << 30 // bytes
	maxDroppedFiles = 100_000
	maxFormValue    = 64 << 10
)

// MaxDropped is how large a body of the console may be, for the server.
const MaxDropped = maxDropped

// received is what a form with files brought.
type received struct {
	Values url.Values
	Files  []string          // names below the folder, slashes
	Of     map[string]string // the last file of each field
	Bytes  int64
}

// receive writes the files of a form below dir, as they come, and gives its
// other fields. Nothing is kept in memory but the fields.
func receive(call *ui.Call, dir string) (*received, error) {
	call.R.Body = http.MaxBytesReader(call.W, call.R.Body, maxDropped)
	parts, err := call.R.MultipartReader()
	if err != nil {
		return nil, Codes.New(UploadCut)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the folder of what is dropped: %w", err)
	}
	defer root.Close()
	got := &received{Values: url.Values{}, Of: map[string]string{}}
	for {
		part, err := parts.NextPart()
		if err == io.EOF { // wrapped, it is a form without its end
			return got, nil
		}
		if err == nil {
			err = got.part(root, part)
		}
		if err != nil {
			return nil, cut(call, err)
		}
	}
}

// cut tells a connection that broke from a machine that failed.
func cut(call *ui.Call, err error) error {
	var tooLarge *http.MaxBytesError
	var garbled textproto.ProtocolError
	switch {
	case errors.As(err, &tooLarge):
		return Codes.New(UploadTooLarge, maxDropped>>30)
	case errors.As(err, &garbled), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, multipart.ErrMessageTooLarge), call.Context().Err() != nil:
		return Codes.New(UploadCut)
	}
	return err
}

func (g *received) part(root *os.Root, part *multipart.Part) error {
	name := partName(part)
	if name == "" {
		value, err := io.ReadAll(io.LimitReader(part, maxFormValue))
		if err != nil {
			return err
		}
		if part.FormName() != "" && !isFile(part) {
			g.Values.Add(part.FormName(), string(value))
		}
		return nil
	}
	if len(g.Files) >= maxDroppedFiles {
		return Codes.New(TooManyFiles, maxDroppedFiles)
	}
	local := filepath.FromSlash(name)
	if dir := filepath.Dir(local); dir != "." {
		if err := root.MkdirAll(dir, 0o700); err != nil {
			return unwritable(name, err)
		}
	}
	f, err := root.OpenFile(local, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return unwritable(name, err)
	}
	n, err := io.Copy(f, part)
	g.Files, g.Bytes = append(g.Files, name), g.Bytes+n
	g.Of[part.FormName()] = name
	return errors.Join(err, f.Close())
}

// unwritable tells a name that is there already, as a file or as a folder, from a
// machine that failed. The name is not for the log.
func unwritable(name string, err error) error {
	if errors.Is(err, fs.ErrExist) || errors.Is(err, syscall.ENOTDIR) {
		return Codes.New(TwiceTheName, path.Base(name))
	}
	if at := new(fs.PathError); errors.As(err, &at) {
		err = at.Err
	}
	return fmt.Errorf("write what is dropped: %w", err)
}

// isFile reports whether a part is of a file field, chosen or not.
func isFile(part *multipart.Part) bool {
	_, params, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	_, has := params["filename"]
	return err == nil && has
}

// partName is the name of a file as the browser gives it, with the folders of a
// folder that was chosen, made safe; empty for another field.
func partName(part *multipart.Part) string {
	_, params, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	if err != nil {
		return ""
	}
	return safeName(params["filename"])
}

// maxName is how long one name of a path may be, in bytes: file systems take 255.
const maxName = 200

// shortened cuts a name that is too long, before its extension.
func shortened(name string) string {
	if len(name) <= maxName {
		return name
	}
	ext := path.Ext(name)
	if len(ext) > 20 {
		ext = ""
	}
	return strings.ToValidUTF8(name[:maxName-len(ext)], "") + ext
}

// safeName makes a path that stays below its folder on any system.
func safeName(name string) string {
	var parts []string
	for part := range strings.SplitSeq(strings.ReplaceAll(name, `\`, "/"), "/") {
		part = strings.Map(func(r rune) rune {
			if unicode.IsControl(r) || strings.ContainsRune(`<>:"|?*`, r) || !unicode.IsPrint(r) {
				return '_'
			}
			return r
		}, strings.TrimSpace(part))
		if part = shortened(strings.TrimRight(part, ". ")); part != "" {
			parts = append(parts, part)
		}
	}
	clean := strings.Join(parts, "/")
	if clean == "" || len(clean) > 400 || !filepath.IsLocal(filepath.FromSlash(clean)) {
		return ""
	}
	return clean
}
