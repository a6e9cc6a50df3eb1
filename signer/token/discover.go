package token

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"antin/assets"
	"antin/signer/worker"
)

// Origin is how a module was found.
type Origin string

// The places where modules are looked for. The working directory, the folder of
// a document and other programs' settings of the user are none of them.
const (
	FromUser     Origin = "user"     // a path that the user added
	FromTable    Origin = "table"    // a known name in a folder of the system
	FromRegistry Origin = "registry" // Windows: beside a cryptographic service provider
	FromP11Kit   Origin = "p11-kit"  // Linux: a module file of p11-kit
)

// OwnModule is a module that the user added.
type OwnModule struct {
	Path   string // absolute
	SHA256 string // Found.SHA256 when the user agreed to it; "" when never asked
}

// DiscoverOptions say where to look. The zero value looks in the places of the
// system and remembers nothing.
type DiscoverOptions struct {
	Own []OwnModule
	// ATRs of the cards that are inserted (ISO/IEC 7816-3); modules known for
	// them come right after the user's own.
	ATRs [][]byte
	// Cache is the file that keeps the results of probes; "" = none. What it
	// says is believed as long as path, size and time of a module stay the same,
	// a failure for an hour only.
	Cache string
	Again bool // probe whatever the cache says

	Worker  worker.Options // how the helpers of probes are started
	Timeout time.Duration  // of one probe; 0 = 10 s

	candidates func() []candidate // of the system; replaced by tests
	now        func() time.Time
}

// Found is a module file and what is known about it before it is used.
type Found struct {
	Module
	Origin        Origin
	Source        string   // the p11-kit file or registry key that names it; "" otherwise
	Vendor        string   // "" when unknown
	Format        string   // ELF, PE, Mach-O; "" when the header could not be read
	Architectures []string // as runtime.GOARCH
	SHA256        string   // of the user's own modules, for OwnModule
	Warnings      []Warning
	// Problem is why the module is not to be used: as from [Inspect] (with an
	// *[ArchitectureError] when it is for another processor), or what came of the
	// probe of an unknown module: [ErrDriver], [ErrNotModule], [ErrCancelled].
	Problem error
}

// Discover finds the PKCS#11 modules of this machine, the user's own first, then
// those for the cards that are inserted, then in the order of the table, last
// those it does not know. Nothing is loaded into this process: headers are read,
// and unknown modules are tried in helper processes of their own, all at once,
// so that one that hangs or crashes delays or hides no other.
func Discover(ctx context.Context, o DiscoverOptions) []Found {
	if o.candidates == nil {
		o.candidates = systemCandidates
	}
	if o.now == nil {
		o.now = time.Now
	}
	var candidates []candidate
	for _, m := range o.Own {
		candidates = append(candidates, candidate{path: m.Path, name: filepath.Base(m.Path), origin: FromUser, sha256: m.SHA256})
	}
	candidates = distinct(append(candidates, o.candidates()...))
	preferATRs(candidates, o.ATRs)

	cache := readCache(o.Cache)
	results := make([]*Found, len(candidates))
	var wg sync.WaitGroup
	for i, c := range candidates {
		wg.Go(func() {
			f := c.look()
			if f != nil && f.Problem == nil && !c.known {
				f.probe(ctx, cache, o)
			}
			results[i] = f
		})
	}
	wg.Wait()
	cache.write(o.Cache)

	var found []Found
	for _, f := range results {
		if f != nil {
			found = append(found, *f)
		}
	}
	return found
}

// systemCandidates are all files worth a look that do not come from the user.
func systemCandidates() []candidate {
	return append(tableCandidates(assets.PKCS11Modules()), registeredCandidates()...)
}

// preferATRs moves the modules for the given cards behind the user's own.
func preferATRs(candidates []candidate, atrs [][]byte) {
	var names []string
	for _, atr := range atrs {
		if name, ok := ModuleForATR(atr); ok {
			names = append(names, name)
		}
	}
	rank := func(c candidate) int {
		switch {
		case c.origin == FromUser:
			return 0
		case slices.Contains(names, c.name):
			return 1
		}
		return 2
	}
	slices.SortStableFunc(candidates, func(a, b candidate) int { return rank(a) - rank(b) })
}

// look examines the file; nil when it is not worth a word.
func (c candidate) look() *Found {
	f := &Found{Module: Module{Path: c.path, Name: c.name}, Origin: c.origin, Source: c.source, Vendor: c.vendor}
	img, err := inspect(c.path)
	if c.guess && !img.exports {
		return nil
	}
	f.Format, f.Architectures, f.Problem = img.format, img.architectures, err
	if errors.Is(err, ErrNoModule) {
		return f
	}
	f.Warnings = CheckTrust(c.path)
	if c.origin == FromP11Kit { // whoever can write it decides what is loaded
		f.Warnings = append(f.Warnings, CheckTrust(c.source)...)
		f.Warnings = distinctWarnings(f.Warnings)
	}
	if c.origin == FromUser {
		if f.SHA256, err = Fingerprint(c.path); err != nil {
			f.Warnings = append(f.Warnings, Warning{c.path, ReasonUnreadable, err.Error()})
		} else if c.sha256 != "" && c.sha256 != f.SHA256 {
			f.Warnings = append(f.Warnings, Warning{c.path, ReasonChanged, "SHA-256 was " + c.sha256})
		}
	}
	return f
}

func distinctWarnings(all []Warning) []Warning {
	var out []Warning
	for _, w := range all {
		if !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}
