package gestion

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"paye/web/ui"
)

// kindUpload is a dossier that a script fills part by part, so that a connection
// that breaks loses no more than a part. A form then takes it over.
const kindUpload = "televersement"

// maxPart is how large a part may be.
const maxPart = 16 << 20

func (c *Console) uploadRoutes() {
	c.Site.Private("POST /gestion/televersements", c.newUpload)
	c.Site.Private("GET /gestion/televersements/{id}", c.uploadOffset)
	c.Site.Private("PUT /gestion/televersements/{id}", c.putPart)
}

func (c *Console) newUpload(call *ui.Call) error {
	d, err := c.newDossier(call.Context(), kindUpload, call.Session.Login, "")
	if err != nil {
		return err
	}
	return call.JSON(http.StatusCreated, map[string]string{"id": d.ID})
}

// uploadFile opens the file that the address names, below its dossier.
func (c *Console) uploadFile(call *ui.Call, flag int) (*os.File, error) {
	d, err := c.dossier(call, kindUpload)
	if err != nil {
		return nil, err
	}
	name := safeName(call.Query("nom"))
	if name == "" {
		return nil, ui.ErrNotFound
	}
	root, err := os.OpenRoot(c.dropped(d))
	if err != nil {
		return nil, fmt.Errorf("open the folder of what is dropped: %w", err)
	}
	defer root.Close()
	local := filepath.FromSlash(name)
	if flag&os.O_CREATE != 0 {
		if err := root.MkdirAll(filepath.Dir(local), 0o700); err != nil {
			return nil, fmt.Errorf("write what is dropped: %w", err)
		}
	}
	f, err := root.OpenFile(local, flag, 0o600)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("write what is dropped: %w", err)
	}
	return f, err
}

// uploadOffset says how much of a file has come.
func (c *Console) uploadOffset(call *ui.Call) error {
	f, err := c.uploadFile(call, os.O_RDONLY)
	if errors.Is(err, fs.ErrNotExist) {
		return call.JSON(http.StatusOK, map[string]int64{"recu": 0})
	}
	if err != nil {
		return err
	}
	defer f.Close()
	return answerSize(call, f, http.StatusOK)
}

func answerSize(call *ui.Call, f *os.File, status int) error {
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("look at what is dropped: %w", err)
	}
	return call.JSON(status, map[string]int64{"recu": info.Size()})
}

// putPart writes a part where the one before it ended; another place is told
// (409) with how much has come, for the script to go on from there.
func (c *Console) putPart(call *ui.Call) error {
	from, total, ok := contentRange(call.R.Header.Get("Content-Range"))
	if !ok || total > maxDropped {
		return Codes.New(UploadCut)
	}
	f, err := c.uploadFile(call, os.O_CREATE|os.O_RDWR)
	if err != nil {
		return err
	}
	defer f.Close()
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return fmt.Errorf("write what is dropped: %w", err)
	}
	if size != from {
		return answerSize(call, f, http.StatusConflict)
	}
	_, err = io.Copy(f, http.MaxBytesReader(call.W, call.R.Body, maxPart))
	if err != nil {
		return cut(call, err) // what came of the part stays: the script asks for the size
	}
	return answerSize(call, f, http.StatusOK)
}

// contentRange reads "bytes a-b/n".
func contentRange(s string) (from, total int64, ok bool) {
	s, found := strings.CutPrefix(s, "bytes ")
	span, all, slash := strings.Cut(s, "/")
	first, _, dash := strings.Cut(span, "-")
	if !found || !slash || !dash {
		return 0, 0, false
	}
	from, err := strconv.ParseInt(first, 10, 64)
	total, err2 := strconv.ParseInt(all, 10, 64)
	return from, total, err == nil && err2 == nil && from >= 0 && total >= from
}

// take takes what a form brings into a dossier: its files, or those that a
// script has sent before.
func (c *Console) take(call *ui.Call, d *dossier) (*received, error) {
	got, err := receive(call, c.dropped(d))
	if err != nil {
		return nil, err
	}
	id := got.Values.Get("televersement")
	if id == "" || len(got.Files) > 0 {
		return got, nil
	}
	up, err := c.dossierOf(call.Context(), id)
	if err != nil {
		return nil, err
	}
	if up.Kind != kindUpload || up.Owner != d.Owner {
		return nil, ui.ErrNotFound
	}
	if err := os.Remove(c.dropped(d)); err != nil {
		return nil, fmt.Errorf("take an upload over: %w", err)
	}
	if err := os.Rename(c.dropped(up), c.dropped(d)); err != nil {
		return nil, fmt.Errorf("take an upload over: %w", err)
	}
	if err := got.inventory(c.dropped(d)); err != nil {
		return nil, err
	}
	return got, c.erase(call.Context(), up)
}

// inventory lists the files of a folder as those that came.
func (g *received) inventory(dir string) error {
	err := filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		g.Files, g.Bytes = append(g.Files, filepath.ToSlash(rel)), g.Bytes+info.Size()
		return err
	})
	if err != nil {
		return fmt.Errorf("list what came: %w", err)
	}
	return nil
}
