package settings_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"antin/signer/settings"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestSaveAndLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "settings.json")
	first, err := settings.Load(path)
	if err != nil {
		t.Fatal("a file that is not there: ", err)
	}
	first.Role, first.TSA = settings.Leader, "http://tsa.example/"
	first.Certificates = map[string]settings.Certificate{"ab": {Name: "Nguyễn Văn An", Picture: "/a.png", Width: 45}}
	if err := first.Save(path); err != nil {
		t.Fatal(err)
	}
	again, err := settings.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, again, cmpopts.IgnoreUnexported(settings.Settings{})); diff != "" {
		t.Error(diff)
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Errorf("%d files in the folder, %v", len(left), err)
	}
}

// What a newer version has written survives this one, at every depth.
func TestUnknownIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "settings.json")
	write(t, path, `{"role":"clerk","future":{"a":[1]},"window":{"theme":"dark","zoom":3},"certificates":{"ab":{"name":"A","ink":"blue"},"cd":{"name":"C","ink":"red"}}}`)
	s, err := settings.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	s.Role, s.Window.Theme = settings.Leader, ""
	delete(s.Certificates, "cd")
	if err := s.Save(path); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(strings.Fields(string(b)), "")
	want := `{"certificates":{"ab":{"ink":"blue","name":"A"}},"future":{"a":[1]},"role":"leader","window":{"zoom":3}}`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDamagedFileIsLeft(t *testing.T) {
	path := filepath.Join(t.TempDir(), "settings.json")
	write(t, path, `{"role": `)
	if _, err := settings.Load(path); !errors.Is(err, settings.ErrFile) {
		t.Fatalf("%v, want ErrFile", err)
	}
	aside, err := settings.SetAside(path)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(aside); err != nil || string(b) != `{"role": ` {
		t.Errorf("%q, %v", b, err)
	}
	if _, err := settings.Load(path); err != nil {
		t.Error("after it was set aside: ", err)
	}
}

func TestCheck(t *testing.T) {
	folder := t.TempDir()
	for name, c := range map[string]struct {
		s    settings.Settings
		want string // field
	}{
		"nothing set":       {settings.Settings{}, ""},
		"all set":           {settings.Settings{TSA: "https://tsa.example/x", Proxy: "socks5://proxy:1080", Output: folder}, ""},
		"TSA is a word":     {settings.Settings{TSA: "tsa.example"}, "tsa"},
		"TSA without host":  {settings.Settings{TSA: "http:///x"}, "tsa"},
		"proxy is a file":   {settings.Settings{Proxy: "file:///etc"}, "proxy"},
		"relative output":   {settings.Settings{Output: "out"}, "output"},
		"relative module":   {settings.Settings{Modules: []string{"x.so"}}, "modules"},
		"text of a giant":   {settings.Settings{Window: settings.Window{TextSize: 1000}}, "window.text_size"},
		"seal of a coin":    {certificate(settings.Certificate{Diameter: 3}), "diameter"},
		"picture of a wall": {certificate(settings.Certificate{Width: 900}), "width"},
	} {
		t.Run(name, func(t *testing.T) {
			err := c.s.Check()
			var wrong *settings.ValueError
			if c.want == "" && err != nil || c.want != "" && (!errors.As(err, &wrong) || wrong.Field != c.want || !errors.Is(err, settings.ErrValue)) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

func certificate(c settings.Certificate) settings.Settings {
	return settings.Settings{Certificates: map[string]settings.Certificate{"ab": c}}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(`{"window":{"theme":"dark"},"certificates":{"ab":{}}}`))
	f.Add([]byte(`{"window":null,"certificates":{"ab":null},"recent":[{}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		path := filepath.Join(t.TempDir(), "settings.json")
		write(t, path, string(b))
		s, err := settings.Load(path)
		if err != nil {
			return
		}
		if err := s.Save(path); err != nil {
			t.Fatal(err)
		}
		if _, err := settings.Load(path); err != nil {
			t.Error("what was saved cannot be read: ", err)
		}
	})
}
