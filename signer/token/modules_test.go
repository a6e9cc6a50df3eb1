package token

import (
	"encoding/hex"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"antin/assets"
)

func TestModules(t *testing.T) {
	o := desks(t)
	found := Modules()
	if !slices.ContainsFunc(found, func(m Module) bool { return m.Path == o.module && m.Name == "SoftHSM 2" }) {
		t.Errorf("SoftHSM is not among %v", found)
	}
	if slices.ContainsFunc(found, func(m Module) bool { return m.Name == "p11-kit" }) {
		t.Errorf("%v: p11-kit would show the tokens of the others again", found)
	}
	link := filepath.Join(t.TempDir(), "link.so")
	if err := os.Symlink(o.module, link); err != nil {
		t.Fatal(err)
	}
	missing := "/nonexistent/token.so"
	with := ModulesWith(missing, link)
	if diff := cmp.Diff([]Module{{missing, "token.so"}, {link, "link.so"}}, with[:2]); diff != "" {
		t.Errorf("the user's modules come first (-want +got):\n%s", diff)
	}
	if len(with) != len(found)+1 {
		t.Errorf("%v: SoftHSM must not be there under two names", with)
	}
}

func TestTableCandidates(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("Programs", dir)
	for _, name := range []string{"b/new.so", "b/old.so", "proxy.so"} {
		write(t, filepath.Join(dir, name), []byte("x"))
	}
	if err := os.Mkdir(filepath.Join(dir, "b", "folder.so"), 0o700); err != nil {
		t.Fatal(err)
	}
	entry := func(name string, paths ...string) assets.PKCS11Module {
		return assets.PKCS11Module{Name: name, Vendor: "V", OS: runtime.GOOS, Paths: paths}
	}
	proxy := entry("P", dir+"/proxy.so")
	proxy.Relay = true
	elsewhere := entry("E", dir+"/b/new.so")
	elsewhere.OS = "plan9"
	names := func(c []candidate) (out []string) {
		for _, c := range c {
			out = append(out, c.name+" "+strings.TrimPrefix(c.path, dir))
		}
		return out
	}
	table := []assets.PKCS11Module{proxy, elsewhere, entry("B", "%Programs%/b/new.so", "%Programs%/b/*.so", "%Nowhere%/x.so", dir+"/missing.so")}
	got := distinct(tableCandidates(table))
	if diff := cmp.Diff([]string{"B /b/new.so", "B /b/old.so"}, names(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"P /proxy.so"}, names(distinct(tableCandidates(table[:1])))); diff != "" {
		t.Errorf("a relay stays when there is nothing else (-want +got):\n%s", diff)
	}
}

func TestWow64(t *testing.T) {
	for pattern, want := range map[string]string{
		`%SystemRoot%\System32\bit4xpki.dll`:            `%SystemRoot%\SysWOW64\bit4xpki.dll`,
		`%ProgramFiles%\OpenSC Project\pkcs11\x.dll`:    `%ProgramFiles(x86)%\OpenSC Project\pkcs11\x.dll`,
		`%SystemRoot%\SysWOW64\x.dll`:                   "",
		`/usr/lib/*/opensc-pkcs11.so`:                   "",
		`C:\SoftHSM2\lib\softhsm2-x64.dll`:              "",
		`%ProgramFiles(x86)%\Yubico\bin\libykcs11.dll`:  "",
		`%SystemRoot%\System32\sub folder\eTPKCS11.dll`: `%SystemRoot%\SysWOW64\sub folder\eTPKCS11.dll`,
	} {
		if got := wow64(pattern); got != want {
			t.Errorf("wow64(%q) = %q, want %q", pattern, got, want)
		}
	}
}

func TestExpand(t *testing.T) {
	t.Setenv("SystemRoot", "/windows")
	t.Setenv("Relative", "here")
	for _, tc := range []struct {
		pattern, want string
		ok            bool
	}{
		{"/usr/lib/*/x.so", "/usr/lib/*/x.so", true},
		{"%SystemRoot%/System32/x.dll", "/windows/System32/x.dll", true},
		{"%Unheard_Of%/x.dll", "/x.dll", false},
		{"%Relative%/x.dll", "here/x.dll", false},
	} {
		if got, ok := expand(tc.pattern); got != tc.want || ok != tc.ok {
			t.Errorf("expand(%q) = %q, %v; want %q, %v", tc.pattern, got, ok, tc.want, tc.ok)
		}
	}
}

func TestModuleForATR(t *testing.T) {
	for _, tc := range []struct{ name, atr, want string }{
		{"VGCA from 2022", "3BFF1800008131FE45006B150C03020101014234441031800D", "bit4id TokenME EVO v2 (VGCA từ 2022)"},
		{"VGCA before 2022", "3BD5180081313A7D8073C8211030", "SafeNet eToken 5100/5110 (VGCA trước 2022)"},
		{"ePass2003, initialised", "3B9F958131FE9F00664653050100 1171DF00000390 0080", "Feitian ePass2003/3003"},
		{"ePass2003, another maker", "3B9F958131609F00664653052300 2571DF00006A825E 99", "Feitian ePass2003/3003"},
		{"ProxKey, any rest", "3B6D000057443641018693204331 1E9999", "WatchData ProxKey"},
		{"ProxKey, cut", "3B6D00005744364101", ""},
		{"identity card of Italy: bit4id's reader, another chip", "3BFF1800008131FE45006B05052000012101434E5310318079", ""},
		{"longer than known", "3BD5180081313A7D8073C821103000", ""},
		{"unknown", "3B80800101", ""},
		{"none", "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			atr, err := hex.DecodeString(strings.ReplaceAll(tc.atr, " ", ""))
			if err != nil {
				t.Fatal(err)
			}
			if got, ok := ModuleForATR(atr); got != tc.want || ok != (tc.want != "") {
				t.Errorf("ModuleForATR = %q, %v; want %q", got, ok, tc.want)
			}
		})
	}
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
}
