//go:build unix

package token

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCheckTrust(t *testing.T) {
	for _, tc := range []struct {
		name string
		make func(t *testing.T, dir string) string // returns the module
		want []string                              // path below the folder and reason
	}{
		{"nobody but the owner", func(t *testing.T, dir string) string {
			return dir + "/lib/m.so"
		}, nil},
		{"file is writable for the group", func(t *testing.T, dir string) string {
			chmod(t, dir+"/lib/m.so", 0o664)
			return dir + "/lib/m.so"
		}, []string{"/lib/m.so writable"}},
		{"folder is writable for all", func(t *testing.T, dir string) string {
			chmod(t, dir+"/lib", 0o777)
			return dir + "/lib/m.so"
		}, []string{"/lib writable"}},
		{"folder above is writable for the group", func(t *testing.T, dir string) string {
			chmod(t, dir, 0o775)
			return dir + "/lib/m.so"
		}, []string{" writable"}},
		{"folder for all with the sticky bit", func(t *testing.T, dir string) string {
			chmod(t, dir+"/lib", 0o777|os.ModeSticky)
			return dir + "/lib/m.so"
		}, nil},
		{"file for all in a folder with the sticky bit", func(t *testing.T, dir string) string {
			chmod(t, dir+"/lib", 0o777|os.ModeSticky)
			chmod(t, dir+"/lib/m.so", 0o666)
			return dir + "/lib/m.so"
		}, []string{"/lib/m.so writable"}},
		{"link to an open folder", func(t *testing.T, dir string) string {
			write(t, dir+"/open/m.so", nil)
			chmod(t, dir+"/open", 0o777)
			symlink(t, "../open/m.so", dir+"/lib/link.so")
			return dir + "/lib/link.so"
		}, []string{"/open writable"}},
		{"link in an open folder", func(t *testing.T, dir string) string {
			if err := os.Mkdir(dir+"/open", 0o777); err != nil {
				t.Fatal(err)
			}
			chmod(t, dir+"/open", 0o777)
			symlink(t, dir+"/lib", dir+"/open/lib")
			return dir + "/open/lib/m.so"
		}, []string{"/open writable"}},
		{"missing", func(t *testing.T, dir string) string {
			return dir + "/lib/n.so"
		}, []string{"/lib/n.so unreadable"}},
		{"links in a circle", func(t *testing.T, dir string) string {
			symlink(t, "b", dir+"/a")
			symlink(t, "a", dir+"/b")
			return dir + "/a"
		}, []string{"/a unreadable"}},
		{"another user's", func(t *testing.T, dir string) string {
			if os.Getuid() != 0 {
				t.Skip("only root can give a file away")
			}
			if err := os.Chown(dir+"/lib/m.so", 12345, 0); err != nil {
				t.Fatal(err)
			}
			return dir + "/lib/m.so"
		}, []string{"/lib/m.so owner"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir, err := filepath.EvalSymlinks(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			chmod(t, dir, 0o755)
			write(t, dir+"/lib/m.so", nil)
			chmod(t, dir+"/lib", 0o755)
			chmod(t, dir+"/lib/m.so", 0o644)
			path := tc.make(t, dir)
			var got []string
			for _, w := range CheckTrust(path) {
				rest, below := strings.CutPrefix(w.Path, dir)
				if !below || w.Reason == ReasonOwnFile { // that the tests run as a user is their own affair
					continue
				}
				if w.Detail == "" {
					t.Errorf("%v says nothing", w)
				}
				got = append(got, rest+" "+string(w.Reason))
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestCheckTrustOfTheUsersOwnFile(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root is the administrator: his files are trusted")
	}
	path := filepath.Join(t.TempDir(), "m.so")
	write(t, path, nil)
	if found := CheckTrust(path); !slices.ContainsFunc(found, func(w Warning) bool { return w.Path == path && w.Reason == ReasonOwnFile }) {
		t.Errorf("%v", found)
	}
}

// What a distribution installed is trusted.
func TestSystemIsTrusted(t *testing.T) {
	o := desks(t)
	if found := CheckTrust(o.module); len(found) > 0 {
		t.Errorf("%s: %v", o.module, found)
	}
}

func chmod(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func symlink(t *testing.T, target, path string) {
	t.Helper()
	if err := os.Symlink(target, path); err != nil {
		t.Fatal(err)
	}
}
