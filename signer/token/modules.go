package token

import (
	"os"
	"path/filepath"
	"regexp"
	"runtime"

	"antin/assets"
)

// Module is a PKCS#11 module on this machine.
type Module struct {
	Path string // absolute
	Name string // of the token or certification authority, for people
}

// Modules are the known modules that exist on this machine, the preferred ones
// first, each file once. Their files are not opened; [Inspect] does that.
func Modules() []Module { return ModulesWith() }

// ModulesWith is Modules with the user's own paths in front. These are kept even
// when no such file exists, so that opening them says so.
func ModulesWith(extra ...string) []Module {
	var found []Module
	seen := map[string]bool{} // a link to a module is the same module: C_Initialize would be called twice
	add := func(path, name string) {
		real, err := filepath.EvalSymlinks(path)
		if err != nil {
			real = filepath.Clean(path)
		}
		if !seen[real] {
			seen[real] = true
			found = append(found, Module{Path: path, Name: name})
		}
	}
	for _, path := range extra {
		add(path, filepath.Base(path))
	}
	for _, m := range assets.PKCS11Modules() {
		if m.OS != runtime.GOOS {
			continue
		}
		for _, pattern := range m.Paths {
			pattern, ok := expand(pattern)
			if !ok {
				continue
			}
			paths, _ := filepath.Glob(pattern) // the only error is a bad pattern: matches nothing
			for _, path := range paths {
				if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
					add(path, m.Name)
				}
			}
		}
	}
	return found
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
