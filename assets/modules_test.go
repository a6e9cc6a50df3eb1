package assets

import (
	"path"
	"slices"
	"strings"
	"testing"
)

func TestPKCS11Modules(t *testing.T) {
	seen := map[string]string{}
	for _, m := range PKCS11Modules() {
		if m.Name == "" || m.Vendor == "" || len(m.Paths) == 0 {
			t.Errorf("%+v: name, vendor and paths are needed", m)
		}
		if !slices.Contains([]string{"linux", "windows", "darwin"}, m.OS) {
			t.Errorf("%s: unknown system %q", m.Name, m.OS)
		}
		if !slices.Contains([]string{"A", "B", "C"}, m.Certainty) {
			t.Errorf("%s: certainty %q", m.Name, m.Certainty)
		}
		for _, p := range m.Paths {
			// A module is code that runs with the PIN in reach: never from a relative path.
			absolute := path.IsAbs(p)
			if m.OS == "windows" {
				absolute = strings.HasPrefix(p, `%SystemRoot%\`) || strings.HasPrefix(p, `%ProgramFiles%\`) || strings.HasPrefix(p, `C:\`)
			}
			if !absolute {
				t.Errorf("%s: %q is not absolute", m.Name, p)
			}
			if other, ok := seen[m.OS+p]; ok {
				t.Errorf("%q stands under %q and %q", p, other, m.Name)
			}
			seen[m.OS+p] = m.Name
		}
	}
	for _, os := range []string{"linux", "windows", "darwin"} {
		if !slices.ContainsFunc(PKCS11Modules(), func(m PKCS11Module) bool { return m.OS == os && strings.Contains(m.Name, "VGCA") }) {
			t.Errorf("no module of VGCA's tokens for %s", os)
		}
	}
}
