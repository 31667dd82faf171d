package catalogue

import (
	"context"
	"strings"
	"sync"

	"golang.org/x/mod/sumdb/tlog"

	"paye/vault/internal/faults"
)

// HashReader reads stored hashes, new ones from memory first.
type HashReader struct {
	Ctx   context.Context
	Q     Querier
	Fresh map[int64]tlog.Hash
	Cache *HashCache
}

// ReadHashes implements tlog.HashReader.
func (r *HashReader) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	var missing []int
	for i, x := range indexes {
		if h, ok := r.Fresh[x]; ok {
			out[i] = h
		} else if h, ok := r.Cache.get(x); ok {
			out[i] = h
		} else {
			missing = append(missing, i)
		}
	}
	if len(missing) == 0 {
		return out, nil
	}
	var b strings.Builder
	args := make([]any, 0, len(missing))
	b.WriteString("SELECT i, h FROM hachages WHERE i IN (")
	for n, i := range missing {
		if n > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('?')
		args = append(args, indexes[i])
	}
	b.WriteByte(')')
	rows, err := r.Q.QueryContext(r.Ctx, b.String(), args...)
	if err != nil {
		return nil, Fault(err, "read hashes of the tree")
	}
	defer rows.Close()
	found := make(map[int64]tlog.Hash, len(missing))
	for rows.Next() {
		var i int64
		var h []byte
		if err := rows.Scan(&i, &h); err != nil {
			return nil, Fault(err, "read hashes of the tree")
		}
		if len(h) != tlog.HashSize {
			return nil, faults.Codes.New("COF-113")
		}
		found[i] = tlog.Hash(h)
		r.Cache.put(i, tlog.Hash(h))
	}
	if err := rows.Err(); err != nil {
		return nil, Fault(err, "read hashes of the tree")
	}
	for _, i := range missing {
		h, ok := found[indexes[i]]
		if !ok {
			return nil, faults.Codes.New("COF-113")
		}
		out[i] = h
	}
	return out, nil
}

// HashCache keeps stored hashes, which never change once they are committed.
// It empties itself when it is full: the paths of a batch share nearly all
// their nodes, so even then most are found.
type HashCache struct {
	mu sync.Mutex
	m  map[int64]tlog.Hash
}

const hashCacheSize = 1 << 15 // 3 MiB

func (c *HashCache) get(i int64) (tlog.Hash, bool) {
	if c == nil {
		return tlog.Hash{}, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	h, ok := c.m[i]
	return h, ok
}

func (c *HashCache) put(i int64, h tlog.Hash) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.m == nil || len(c.m) >= hashCacheSize {
		c.m = make(map[int64]tlog.Hash, hashCacheSize/4)
	}
	c.m[i] = h
}

// PutAll keeps what a commit made, after it was committed.
func (c *HashCache) PutAll(fresh map[int64]tlog.Hash) {
	for i, h := range fresh {
		c.put(i, h)
	}
}
