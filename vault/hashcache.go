package vault

import (
	"sync"

	"golang.org/x/mod/sumdb/tlog"
)

// hashCache keeps stored hashes, which never change once they are committed.
// It empties itself when it is full: the paths of a batch share nearly all
// their nodes, so even then most are found.
type hashCache struct {
	mu sync.Mutex
	m  map[int64]tlog.Hash
}

const hashCacheSize = 1 << 15 // 3 MiB

func (c *hashCache) get(i int64) (tlog.Hash, bool) {
	if c == nil {
		return tlog.Hash{}, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	h, ok := c.m[i]
	return h, ok
}

func (c *hashCache) put(i int64, h tlog.Hash) {
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

// putAll keeps what a commit made, after it was committed.
func (c *hashCache) putAll(fresh map[int64]tlog.Hash) {
	for i, h := range fresh {
		c.put(i, h)
	}
}
