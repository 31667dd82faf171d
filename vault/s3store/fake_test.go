package s3store

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
)

// fake speaks as much S3 as object lock needs. lies names what it allows
// against its own lock, as real servers have been seen to do.
type fake struct {
	mu      sync.Mutex
	now     func() time.Time
	buckets map[string]map[string][]*version
	lies    map[string]bool
	n       int
	calls   int
}

// asked is how many requests came.
func (f *fake) asked() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls
}

type version struct {
	id    string
	data  []byte
	mode  string
	until time.Time
	when  time.Time
}

func newFake(now func() time.Time, lies ...string) *fake {
	f := &fake{now: now, buckets: map[string]map[string][]*version{}, lies: map[string]bool{}}
	for _, l := range lies {
		f.lies[l] = true
	}
	return f
}

func (f *fake) no(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	fmt.Fprintf(w, "<Error><Code>%s</Code><Message>%s</Message></Error>", code, code)
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	if !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=cle/") {
		f.no(w, 403, "AccessDenied")
		return
	}
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	q := r.URL.Query()
	objects, there := f.buckets[bucket]
	switch {
	case key == "" && r.Method == http.MethodPut:
		f.buckets[bucket] = map[string][]*version{}
	case !there:
		f.no(w, 404, "NoSuchBucket")
	case key == "" && q.Has("location"):
		io.WriteString(w, "<LocationConstraint></LocationConstraint>")
	case key == "" && q.Has("object-lock"):
		if f.lies["pas de verrou"] {
			f.no(w, 404, "ObjectLockConfigurationNotFoundError")
			return
		}
		io.WriteString(w, "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>")
	case key == "" && r.Method == http.MethodHead:
	case key == "" && r.Method == http.MethodDelete:
		if len(objects) > 0 && !f.lies["supprimer le compartiment"] {
			f.no(w, 409, "BucketNotEmpty")
			return
		}
		delete(f.buckets, bucket)
		w.WriteHeader(204)
	case key == "":
		f.list(w, objects, q.Get("prefix"), q.Has("versions"))
	case r.Method == http.MethodPut && q.Has("retention"):
		f.retain(w, r, find(objects[key], q.Get("versionId")))
	case r.Method == http.MethodPut:
		f.put(w, r, objects, key)
	case r.Method == http.MethodDelete:
		f.remove(w, r, objects, key)
	default:
		v := find(objects[key], q.Get("versionId"))
		if v == nil {
			f.no(w, 404, "NoSuchKey")
			return
		}
		w.Header().Set("ETag", `"x"`)
		w.Header().Set("x-amz-version-id", v.id)
		w.Header().Set("x-amz-object-lock-mode", v.mode)
		w.Header().Set("x-amz-object-lock-retain-until-date", v.until.UTC().Format(time.RFC3339))
		w.Header().Set("Last-Modified", v.when.UTC().Format(http.TimeFormat))
		http.ServeContent(w, r, "", v.when, bytes.NewReader(v.data))
	}
}

func find(list []*version, id string) *version {
	for i := len(list) - 1; i >= 0; i-- {
		if id == "" || list[i].id == id {
			return list[i]
		}
	}
	return nil
}

func (f *fake) put(w http.ResponseWriter, r *http.Request, objects map[string][]*version, key string) {
	data, err := payload(r)
	if err != nil {
		f.no(w, 400, "IncompleteBody")
		return
	}
	f.n++
	v := &version{id: "v" + strconv.Itoa(f.n), data: data, when: f.now(), mode: r.Header.Get("X-Amz-Object-Lock-Mode")}
	v.until, _ = time.Parse(time.RFC3339, r.Header.Get("X-Amz-Object-Lock-Retain-Until-Date"))
	if f.lies["oublier le verrou"] {
		v.mode, v.until = "GOVERNANCE", f.now()
	}
	if f.lies["écraser l'objet"] && len(objects[key]) > 0 {
		objects[key][0].data = data
	}
	objects[key] = append(objects[key], v)
	w.Header().Set("ETag", `"x"`)
	w.Header().Set("x-amz-version-id", v.id)
}

// payload reads a body, out of its signed chunks when it has them.
func payload(r *http.Request) ([]byte, error) {
	if !strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		return io.ReadAll(r.Body)
	}
	body := bufio.NewReader(r.Body)
	var out []byte
	for {
		line, err := body.ReadString('\n')
		if err != nil {
			return nil, err
		}
		size, _, _ := strings.Cut(strings.TrimSpace(line), ";")
		n, err := strconv.ParseInt(size, 16, 32)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			return out, nil
		}
		chunk := make([]byte, n+2)
		if _, err := io.ReadFull(body, chunk); err != nil {
			return nil, err
		}
		out = append(out, chunk[:n]...)
	}
}

func (f *fake) remove(w http.ResponseWriter, r *http.Request, objects map[string][]*version, key string) {
	id := r.URL.Query().Get("versionId")
	v := find(objects[key], id)
	bypass := r.Header.Get("X-Amz-Bypass-Governance-Retention") == "true"
	lie := f.lies["supprimer la version"] || bypass && f.lies["contourner le verrou"]
	silent := f.lies["refuser et supprimer"] && id != ""
	if v != nil && id != "" {
		if v.until.After(f.now()) && !lie && !silent {
			f.no(w, 403, "AccessDenied")
			return
		}
		var rest []*version
		for _, o := range objects[key] {
			if o != v {
				rest = append(rest, o)
			}
		}
		if objects[key] = rest; len(rest) == 0 {
			delete(objects, key)
		}
		if silent {
			f.no(w, 403, "AccessDenied")
			return
		}
	}
	w.WriteHeader(204)
}

func (f *fake) retain(w http.ResponseWriter, r *http.Request, v *version) {
	data, err := payload(r)
	var want struct {
		Mode            string
		RetainUntilDate time.Time
	}
	if v == nil || err != nil || xml.Unmarshal(data, &want) != nil {
		f.no(w, 400, "MalformedXML")
		return
	}
	shorter, weaker := want.RetainUntilDate.Before(v.until), want.Mode != v.mode
	if shorter && !f.lies["raccourcir le verrou"] || weaker && !f.lies["passer en mode GOVERNANCE"] {
		f.no(w, 403, "AccessDenied")
		return
	}
	v.mode, v.until = want.Mode, want.RetainUntilDate
}

func (f *fake) list(w http.ResponseWriter, objects map[string][]*version, prefix string, versions bool) {
	var keys []string
	for k := range objects {
		if strings.HasPrefix(k, prefix) {
			keys = append(keys, k)
		}
	}
	sort.Strings(keys)
	root, item := "ListBucketResult", "Contents"
	if versions {
		root, item = "ListVersionsResult", "Version"
	}
	fmt.Fprintf(w, "<%s><IsTruncated>false</IsTruncated>", root)
	for _, k := range keys {
		for i, v := range objects[k] {
			if latest := i == len(objects[k])-1; latest || versions {
				fmt.Fprintf(w, "<%s><Key>%s</Key><VersionId>%s</VersionId><IsLatest>%v</IsLatest><Size>%d</Size><LastModified>%s</LastModified><ETag>x</ETag></%s>",
					item, k, v.id, latest, len(v.data), v.when.UTC().Format("2006-01-02T15:04:05.000Z"), item)
			}
		}
	}
	fmt.Fprintf(w, "</%s>", root)
}
