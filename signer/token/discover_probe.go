package token

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

const (
	// probeTimeout is long enough for a slow reader and short enough to wait.
	probeTimeout = 10 * time.Second
	// failureLife: what failed once may have missed a service that was starting.
	failureLife = time.Hour
)

// probe lists the tokens of an unknown module in a helper process that ends
// afterwards, or takes the result of an earlier probe.
func (f *Found) probe(ctx context.Context, cache *probeCache, o DiscoverOptions) {
	info, err := os.Stat(f.Path)
	if err != nil {
		f.Problem = refuse(ErrNoModule, "%v", err)
		return
	}
	if r, ok := cache.find(f.Path, info, o.now()); ok && !o.Again {
		cache.keep(f.Path, r)
		f.apply(r)
		return
	}
	timeout := o.Timeout
	if timeout <= 0 {
		timeout = probeTimeout
	}
	within, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	d := Open(f.Path, o.Worker)
	tokens, err := d.Tokens(within)
	if closing := d.Close(); err == nil && closing != nil {
		err = fmt.Errorf("%w: ending the probe: %w", ErrDriver, closing)
	}
	if ctx.Err() != nil { // says nothing about the module
		f.Problem = fmt.Errorf("%w: %w", ErrCancelled, ctx.Err())
		return
	}
	r := probeResult{Size: info.Size(), Time: info.ModTime(), Tried: o.now()}
	for _, t := range tokens {
		if r.Vendor == "" {
			r.Vendor = t.Manufacturer
		}
	}
	if err != nil {
		r.Problem = recordOf(err)
	}
	cache.keep(f.Path, r)
	f.apply(r)
	if err != nil {
		f.Problem = err // with all that the helper left behind
	}
}

func (f *Found) apply(r probeResult) {
	if f.Vendor == "" {
		f.Vendor = r.Vendor
	}
	if r.Problem != nil {
		f.Problem = r.Problem.error()
	}
}

func recordOf(err error) *errorRecord {
	var e *Error
	if errors.As(err, &e) {
		return e.record()
	}
	return refuse(ErrDriver, "%v", err).record()
}

// probeResult is what came of a probe, and of which file.
type probeResult struct {
	Size    int64
	Time    time.Time // of the last change of the file
	Tried   time.Time
	Vendor  string       `json:",omitempty"`
	Problem *errorRecord `json:",omitempty"`
}

// probeCache holds what the file of the cache said and what is to be written
// there. A cache that cannot be read or written costs a probe, no more.
type probeCache struct {
	old map[string]probeResult

	mu      sync.Mutex
	current map[string]probeResult
	changed bool
}

// maxCache is far above what a hundred modules need, in bytes.
const maxCache = 1 << 20

func readCache(path string) *probeCache {
	c := &probeCache{current: map[string]probeResult{}}
	if path == "" {
		return c
	}
	if info, err := os.Stat(path); err != nil || info.Size() > maxCache {
		return c
	}
	b, err := os.ReadFile(path)
	if err != nil || json.Unmarshal(b, &c.old) != nil {
		c.old = nil
	}
	return c
}

func (c *probeCache) find(path string, info os.FileInfo, now time.Time) (probeResult, bool) {
	r, ok := c.old[path]
	if !ok || r.Size != info.Size() || !r.Time.Equal(info.ModTime()) {
		return probeResult{}, false
	}
	age := now.Sub(r.Tried)
	return r, r.Problem == nil || age >= 0 && age < failureLife
}

func (c *probeCache) keep(path string, r probeResult) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if was, ok := c.old[path]; !ok || !was.Tried.Equal(r.Tried) {
		c.changed = true
	}
	c.current[path] = r
}

// write replaces the file in one step: another copy of the program may read it.
func (c *probeCache) write(path string) {
	if path == "" || !c.changed {
		return
	}
	b, err := json.MarshalIndent(c.current, "", "\t")
	if err != nil {
		return
	}
	if os.MkdirAll(filepath.Dir(path), 0o700) != nil {
		return
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".modules-")
	if err != nil {
		return
	}
	_, err = f.Write(b)
	if errors.Join(err, f.Close()) != nil || os.Rename(f.Name(), path) != nil {
		os.Remove(f.Name())
	}
}
