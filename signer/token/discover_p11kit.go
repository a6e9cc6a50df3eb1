package token

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// p11kitCandidates reads the module files of p11-kit (pkcs11.conf(5)) in the
// given folders, where a file replaces one of the same name in an earlier
// folder. A relative module lies in one of the folders of libraries (patterns),
// never in the working directory.
func p11kitCandidates(folders, libraries []string) []candidate {
	files := map[string]string{} // by name
	var names []string
	for _, folder := range folders {
		paths, _ := filepath.Glob(filepath.Join(folder, "*.module")) // the only error is a bad pattern
		for _, path := range paths {
			name := filepath.Base(path)
			if _, ok := files[name]; !ok {
				names = append(names, name)
			}
			files[name] = path
		}
	}
	slices.Sort(names)
	var found []candidate
	for _, name := range names {
		m, ok := readP11KitFile(files[name])
		if !ok || !m.ours() {
			continue
		}
		c := candidate{name: strings.TrimSuffix(name, ".module"), origin: FromP11Kit, source: files[name]}
		switch {
		case filepath.IsAbs(m.module):
			c.path = filepath.Clean(m.module)
		case filepath.IsLocal(m.module):
			for _, folder := range libraries {
				paths, _ := filepath.Glob(filepath.Join(folder, m.module))
				if len(paths) > 0 && c.path == "" {
					c.path = paths[0]
				}
			}
		}
		if c.path != "" {
			found = append(found, c)
		}
	}
	return found
}

// p11kitFile is what we need of a module file.
type p11kitFile struct {
	module              string
	trust               bool // certificates of the system, no token
	enableIn, disableIn []string
}

// ours tells whether the module is for this program.
func (m p11kitFile) ours() bool {
	const program = "antin"
	switch {
	case m.module == "" || m.trust: // without module: reached over a socket
		return false
	case len(m.enableIn) > 0:
		return slices.Contains(m.enableIn, program)
	}
	return !slices.Contains(m.disableIn, program)
}

// maxP11KitFile is far above what such a file holds, in bytes.
const maxP11KitFile = 64 << 10

func readP11KitFile(path string) (m p11kitFile, ok bool) {
	f, err := os.Open(path)
	if err != nil {
		return m, false
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxP11KitFile+1))
	if err != nil || len(b) > maxP11KitFile {
		return m, false
	}
	return parseP11KitFile(string(b)), true
}

// parseP11KitFile reads lines "name: value"; # begins a comment line.
func parseP11KitFile(text string) p11kitFile {
	var m p11kitFile
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		name, value, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		value = strings.TrimSpace(value)
		programs := strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
		switch strings.TrimSpace(name) {
		case "module":
			m.module = value
		case "trust-policy":
			m.trust = value == "yes"
		case "enable-in":
			m.enableIn = programs
		case "disable-in":
			m.disableIn = programs
		}
	}
	return m
}
