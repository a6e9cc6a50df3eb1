package practice_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"antin/signer/practice"
)

// openssl asks the server and believes the answer.
func TestTSAForOpenSSL(t *testing.T) {
	a, err := practice.NewAuthority(practice.AuthorityOptions{Key: practice.P256})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	if err := a.WriteFiles(dir); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"data": "văn bản", "other": "khác"} {
		if err := os.WriteFile(file(name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, hash := range []string{"sha256", "sha384", "sha512", "sha1"} {
		if out, err := openssl(t, "ts", "-query", "-data", file("data"), "-"+hash, "-cert", "-out", file("query")); err != nil {
			t.Fatal(err, out)
		}
		query, err := os.ReadFile(file("query"))
		if err != nil {
			t.Fatal(err)
		}
		request := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(query))
		request.Header.Set("Content-Type", "application/timestamp-query")
		recorder := httptest.NewRecorder()
		a.TSA(practice.TSAOptions{}).ServeHTTP(recorder, request)
		if err := os.WriteFile(file("reply"), recorder.Body.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		if hash == "sha1" {
			out, err := openssl(t, "ts", "-reply", "-in", file("reply"), "-text")
			if err != nil || !strings.Contains(out, "Status: Rejected") || !strings.Contains(out, "hash not supported") {
				t.Errorf("SHA-1: %v\n%s", err, out)
			}
			continue
		}
		if out, err := openssl(t, "ts", "-verify", "-in", file("reply"), "-queryfile", file("query"), "-CAfile", file("root.pem"), "-untrusted", file("issuing.pem")); err != nil {
			t.Errorf("%s: openssl ts -verify: %v\n%s", hash, err, out)
		}
		if out, err := openssl(t, "ts", "-verify", "-in", file("reply"), "-data", file("other"), "-CAfile", file("root.pem"), "-untrusted", file("issuing.pem")); err == nil {
			t.Errorf("%s: openssl takes the stamp for other data:\n%s", hash, out)
		}
	}
}
