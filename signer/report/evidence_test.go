package report_test

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"antin/signer/practice/machine"
	"antin/signer/report"
	"antin/signer/verify"
)

// vault hands out more than the verdict rests on.
type vault struct{ lists, answers [][]byte }

func (v vault) RevocationData([]*x509.Certificate) (lists, answers [][]byte) {
	return v.lists, v.answers
}

// Evidence is written once, can be checked with sha256sum, holds all that is
// needed, and goes away whole.
func TestEvidence(t *testing.T) {
	o := theOffice(t)
	pdf := o.issued(t)
	d, r, err := report.Check(context.Background(), open(t, pdf), "x.pdf", report.CheckOptions{Options: verify.Options{Store: o.store}, Roles: o.roles()})
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "x.pdf"+report.EvidenceSuffix)
	e := report.Collect(report.New(full, d), r, vault{[][]byte{[]byte("a list")}, [][]byte{[]byte("an answer")}})
	if err := report.WriteEvidence(dir, e); err != nil {
		t.Fatal(err)
	}
	names := tree(t, dir)
	counts := map[string]int{}
	for _, n := range names {
		counts[filepath.Ext(n)]++
	}
	// Certificates: leader, clerk, issuing CA, root, time-stamp authority.
	if counts[".cer"] != 5 || counts[".crl"] != 3 || counts[".ocsp"] != 1 || counts[".tst"] != 2 || !slices.Contains(names, "bienban.json") {
		t.Errorf("%v\n%v", counts, names)
	}
	var m report.Model
	b, err := os.ReadFile(filepath.Join(dir, "bienban.json"))
	if err == nil {
		err = json.Unmarshal(b, &m)
	}
	if err != nil || m.Documents[0].Result != report.Valid {
		t.Errorf("record: %v", err)
	}
	cmd := exec.Command(machine.Program(t, "sha256sum", "coreutils"), "--check", "--strict", "--quiet", "SHA256SUMS")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("sha256sum: %v\n%s", err, out)
	}
	if err := report.WriteEvidence(dir, e); !errors.Is(err, report.ErrEvidenceExists) {
		t.Errorf("written over: %v", err)
	}
	if again := tree(t, dir); !slices.Equal(names, again) {
		t.Errorf("changed: %v", again)
	}
	if err := report.DeleteEvidence(dir); err != nil {
		t.Fatal(err)
	}
	if left := tree(t, filepath.Dir(dir)); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// Nothing but evidence is ever deleted.
func TestDeleteEvidenceRefuses(t *testing.T) {
	dir := t.TempDir()
	keep := func(path, body string) {
		path = filepath.Join(dir, path)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(body), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	keep("plain/a.txt", "mine")
	keep("outside.txt", "mine")
	sum := strings.Repeat("0", 64)
	keep("escape/SHA256SUMS", sum+"  ../outside.txt\n")
	keep("absolute/SHA256SUMS", sum+"  "+filepath.ToSlash(filepath.Join(dir, "outside.txt"))+"\n")
	keep("foreign/SHA256SUMS", sum+"  a.cer\n")
	keep("foreign/a.cer", "x")
	keep("foreign/mine.txt", "mine")
	keep("linked/SHA256SUMS", sum+"  out/outside.txt\n")
	if err := os.Symlink(dir, filepath.Join(dir, "linked", "out")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(dir, "plain"), filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	before := tree(t, dir)
	for _, name := range []string{"plain", "escape", "absolute", "foreign", "linked", "link", "outside.txt"} {
		if err := report.DeleteEvidence(filepath.Join(dir, name)); !errors.Is(err, report.ErrNotEvidence) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := report.DeleteEvidence(filepath.Join(dir, "nowhere")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("nowhere: %v", err)
	}
	if after := tree(t, dir); !slices.Equal(before, after) {
		t.Errorf("before %v\nafter %v", before, after)
	}
}

// A place where nothing can be written is left as it was.
func TestEvidenceNowhere(t *testing.T) {
	dir := t.TempDir()
	if err := report.WriteEvidence(filepath.Join(dir, "missing", "x"), report.Evidence{Lists: [][]byte{[]byte("a")}}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
	if left := tree(t, dir); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func tree(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && path != dir {
			rel, _ := filepath.Rel(dir, path)
			out = append(out, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
