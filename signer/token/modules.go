package token

import (
	"encoding/hex"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"antin/assets"
)

// Module is a PKCS#11 module on this machine.
type Module struct {
	Path string // absolute
	Name string // of the token or certification authority, for people
}

// Modules are the known modules that exist on this machine, the preferred ones
// first, each file once. Their files are not opened; [Discover] looks at them,
// and finds others.
func Modules() []Module { return ModulesWith() }

// ModulesWith is Modules with the user's own paths in front. These are kept even
// when no such file exists, so that opening them says so.
func ModulesWith(extra ...string) []Module {
	var found []Module
	candidates := tableCandidates(assets.PKCS11Modules())
	for i, path := range extra {
		candidates = append(candidates[:i], append([]candidate{{path: path, name: filepath.Base(path)}}, candidates[i:]...)...)
	}
	for _, c := range distinct(candidates) {
		found = append(found, Module{Path: c.path, Name: c.name})
	}
	return found
}

// candidate is a file that may be a module.
type candidate struct {
	path, name, vendor string
	origin             Origin
	source             string // file or registry key that names it
	sha256             string // the user agreed to this content; "" = not asked yet
	known              bool   // in the table
	relay              bool   // shows the tokens of other modules once more
	guess              bool   // perhaps no module at all: then not worth a word
}

// tableCandidates are the files of the table that exist.
func tableCandidates(table []assets.PKCS11Module) []candidate {
	var found []candidate
	for _, m := range table {
		if m.OS != runtime.GOOS {
			continue
		}
		for _, pattern := range m.Paths {
			paths := existing(pattern)
			if len(paths) == 0 {
				paths = existing(wow64(pattern))
			}
			for _, path := range paths {
				found = append(found, candidate{path: path, name: m.Name, vendor: m.Vendor, origin: FromTable, known: true, relay: m.Relay})
			}
		}
	}
	return found
}

// existing are the files that a pattern of the table stands for.
func existing(pattern string) []string {
	pattern, ok := expand(pattern)
	if !ok || pattern == "" {
		return nil
	}
	paths, _ := filepath.Glob(pattern) // the only error is a bad pattern: matches nothing
	var found []string
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			found = append(found, path)
		}
	}
	return found
}

// wow64 is where the 32-bit file lies when Windows has only that one, "" when
// the pattern has no such place. It cannot be loaded by a 64-bit program, but
// its owner should hear why.
func wow64(pattern string) string {
	for from, to := range map[string]string{
		`%SystemRoot%\System32\`: `%SystemRoot%\SysWOW64\`,
		`%ProgramFiles%\`:        `%ProgramFiles(x86)%\`,
	} {
		if rest, ok := strings.CutPrefix(pattern, from); ok {
			return to + rest
		}
	}
	return ""
}

// distinct keeps the first candidate of each file: by two names it would be
// initialised twice. Relays go when there is anything else to use.
func distinct(candidates []candidate) []candidate {
	var found []candidate
	index := map[string]int{}
	direct := false
	for _, c := range candidates {
		real, err := filepath.EvalSymlinks(c.path)
		if err != nil {
			real = filepath.Clean(c.path)
		}
		i, ok := index[real]
		if !ok {
			index[real] = len(found)
			found = append(found, c)
			direct = direct || !c.relay && !c.guess
			continue
		}
		if first := &found[i]; c.known && !first.known { // the table knows what it is
			first.known, first.vendor, first.relay = true, c.vendor, c.relay
			if first.origin != FromUser && first.origin != "" {
				first.name, first.guess = c.name, false
			}
		}
	}
	if !direct {
		return found
	}
	kept := found[:0]
	for _, c := range found {
		if !c.relay || c.origin == FromUser || c.origin == "" {
			kept = append(kept, c)
		}
	}
	return kept
}

var variable = regexp.MustCompile(`%[A-Za-z0-9_()]+%`)

// expand replaces %NAME% as Windows does; ok is false when a name has no value.
func expand(pattern string) (path string, ok bool) {
	ok = true
	path = variable.ReplaceAllStringFunc(pattern, func(v string) string {
		value := os.Getenv(v[1 : len(v)-1])
		ok = ok && filepath.IsAbs(value)
		return value
	})
	return path, ok
}

// ModuleForATR tells the name of the module (see [Module]) for a card by its
// answer to reset; ok is false for a card that the table does not know, which
// any module may be for. The answer names a chip, not a certificate: take it as
// a hint which module to ask first.
func ModuleForATR(atr []byte) (name string, ok bool) {
	text := strings.ToUpper(hex.EncodeToString(atr))
	for _, a := range assets.TokenATRs() {
		if matchATR(a.ATR, text) {
			return a.Name, true
		}
	}
	return "", false
}

func matchATR(pattern, atr string) bool {
	pattern, open := strings.CutSuffix(pattern, "*")
	if atr == "" || len(atr) < len(pattern) || !open && len(atr) != len(pattern) {
		return false
	}
	for i := range len(pattern) {
		if pattern[i] != '.' && pattern[i] != atr[i] {
			return false
		}
	}
	return true
}
