package assets

import (
	"encoding/hex"
	"path"
	"regexp"
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

func TestTokenATRs(t *testing.T) {
	pattern := regexp.MustCompile(`^3[BF]([0-9A-F]{2}|\.\.){1,31}\*?$`) // ISO/IEC 7816-3, 8.2: at most 33 bytes, TS is 3B or 3F
	seen := map[string]bool{}
	for _, a := range TokenATRs() {
		if !pattern.MatchString(a.ATR) {
			t.Errorf("%q is no answer to reset", a.ATR)
		}
		if !slices.ContainsFunc(PKCS11Modules(), func(m PKCS11Module) bool { return m.Name == a.Name }) {
			t.Errorf("%s: no module is called %q", a.ATR, a.Name)
		}
		if !slices.Contains([]string{"A", "B", "C"}, a.Certainty) {
			t.Errorf("%s: certainty %q", a.ATR, a.Certainty)
		}
		if seen[a.ATR] {
			t.Errorf("%s stands there twice", a.ATR)
		}
		seen[a.ATR] = true
		// ISO/IEC 7816-3, 8.2.5: the exclusive or of all bytes but TS is zero when
		// a protocol other than T=0 is offered. It finds typing errors.
		b, err := hex.DecodeString(a.ATR)
		if err != nil || !strings.Contains(a.ATR, "8131FE") && !strings.Contains(a.ATR, "81313A") {
			continue
		}
		var sum byte
		for _, x := range b[1:] {
			sum ^= x
		}
		if sum != 0 {
			t.Errorf("%s: check character is wrong", a.ATR)
		}
	}
}
