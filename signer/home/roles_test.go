package home_test

import (
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"antin/signer/home"
	"antin/signer/report"

	"github.com/google/go-cmp/cmp"
)

// settle gives the test a user's folder of its own.
func settle(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", dir) // Linux
	t.Setenv("HOME", dir)            // macOS
	t.Setenv("AppData", dir)         // Windows
	path, err := home.Path("")
	if err != nil || !strings.HasPrefix(path, dir) {
		t.Fatalf("%q, %v", path, err)
	}
	return path
}

// What was said in one run is known in the next.
func TestRolesAreRemembered(t *testing.T) {
	settle(t)
	person, office := strings.Repeat("0a", 32), strings.ToUpper(strings.Repeat("AB:", 31)+"ab")
	said, err := home.ReadRoles()
	if err != nil || len(said.Known()) != 0 {
		t.Fatalf("at first: %v, %v", said, err)
	}
	for role, fingerprint := range map[report.Role]string{report.Person: person, report.Organisation: office} {
		if err := said.Say(role, fingerprint); err != nil {
			t.Fatal(err)
		}
	}
	later, err := home.ReadRoles()
	if err != nil {
		t.Fatal(err)
	}
	want := report.Roles{filled(0x0a): report.Person, filled(0xab): report.Organisation}
	if diff := cmp.Diff(want, later.Known()); diff != "" {
		t.Error(diff)
	}
}

func TestRolesRefuse(t *testing.T) {
	dir := settle(t)
	said, err := home.ReadRoles()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{"", "abcd", strings.Repeat("zz", 32)} {
		if err := said.Say(report.Person, f); !errors.Is(err, home.ErrFingerprint) {
			t.Errorf("%q: %v", f, err)
		}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "roles.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := home.ReadRoles(); !errors.Is(err, home.ErrRoles) {
		t.Errorf("a file that is no JSON: %v", err)
	}
}

func TestVault(t *testing.T) {
	dir := settle(t)
	if _, err := home.Vault(); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := home.Vault(); !errors.Is(err, home.ErrFolder) {
		t.Errorf("a file in the folder's place: %v", err)
	}
}

func filled(b byte) (sum [sha256.Size]byte) {
	for i := range sum {
		sum[i] = b
	}
	return sum
}
