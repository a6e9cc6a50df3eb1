package token

import (
	"bytes"
	"context"
	"crypto"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"antin/signer/worker"
)

func init() { programs["sign-and-wait"] = signAndWait }

// signAndWait is a program that lists, logs in, signs and then does nothing.
func signAndWait(args []string) int {
	ctx := context.Background()
	d := Open(args[0], worker.Options{})
	tokens, err := d.Tokens(ctx)
	if err != nil {
		return 1
	}
	for _, t := range tokens {
		if t.Label != "Token xác thực lại" {
			continue
		}
		cert := t.Certificates[0].X509
		session, err := d.Login(ctx, t, cert, []byte(pin))
		if err != nil {
			return 1
		}
		if _, err := session.Sign(ctx, attributes(cert, crypto.SHA256), crypto.SHA256, 0); err != nil {
			return 1
		}
	}
	fmt.Println("signed")
	select {}
}

// copy makes a copy of all tokens and returns the configuration for it.
func (o *office) copy(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	b, err := os.ReadFile(o.conf)
	if err == nil {
		err = os.CopyFS(dir, os.DirFS(officeDir))
	}
	conf := filepath.Join(dir, filepath.Base(o.conf))
	if err == nil {
		err = os.WriteFile(conf, bytes.ReplaceAll(b, []byte(officeDir), []byte(dir)), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return conf
}

// Wherever the program is when it is killed, its helper ends with it, and the
// card is logged out.
func TestKilledProgramLeavesNoHelper(t *testing.T) {
	o := desks(t)
	killAfter := func(t *testing.T, s *shim, ready func() bool) {
		t.Helper()
		cmd := exec.Command(os.Args[0], "sign-and-wait", s.path)
		// SoftHSM keeps the state of the PIN in a file that a kill may leave half
		// written: a copy of the tokens for each.
		cmd.Env = append(s.env, "SOFTHSM2_CONF="+o.copy(t))
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan struct{})
		go func() { defer close(ended); _ = cmd.Wait() }() // killed, as it should be
		eventually(t, "the moment", ready)
		if err := cmd.Process.Kill(); err != nil {
			t.Error(err)
		}
		<-ended
		killed := time.Now()
		eventually(t, "the end of the helper", func() bool { return len(processes(t, "worker\x00token\x00"+s.path)) == 0 })
		t.Logf("no helper %.1f ms after the program", ms(time.Since(killed)))
	}
	for _, tc := range []struct{ name, rule string }{
		{"while the module loads", "C_GetFunctionList 1 hang"},
		{"in C_Initialize", "C_Initialize 1 hang"},
		{"while tokens are listed", "C_GetTokenInfo 3 hang"},
		{"while certificates are read", "C_GetAttributeValue 5 hang"},
		{"in C_Login", "C_Login 1 hang"},
		{"while the key is searched", "C_FindObjects 20+ hang"},
		{"between C_SignInit and C_Sign", "C_Login 2 hang"},
		{"in C_Sign", "C_Sign 1 hang"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := o.shim(t, tc.rule)
			killAfter(t, s, func() bool { _, hangs := s.when("hang"); return hangs })
		})
	}
	t.Run("logged in and idle", func(t *testing.T) {
		s := o.shim(t)
		killAfter(t, s, func() bool { return s.calls("C_Sign") == 1 })
	})
	t.Run("at any other moment", func(t *testing.T) {
		for n := range 15 {
			s := o.shim(t)
			begin := time.Now()
			killAfter(t, s, func() bool { return time.Since(begin) > time.Duration(n)*4*time.Millisecond })
		}
	})
}
