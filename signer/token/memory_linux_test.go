package token

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"antin/signer/practice"
	"antin/signer/worker"
)

func init() { programs["look-for-pin"] = lookForPIN }

// After login, signatures and close the PIN is nowhere in the memory of the
// program and of its helper. The program is a child of the test, since the test
// itself needs the PIN as text to make the token.
func TestPINLeavesNoCopy(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector keeps copies of memory of its own, and too much of it to search")
	}
	o := desks(t)
	// Longer than what the first words of a freed block would overwrite.
	secret, other := rand.Text()[:24], rand.Text()[:24]
	conf, err := practice.NewSoftToken(t.TempDir(), "Token nhớ", secret,
		practice.SoftTokenEntry{Key: o.keys[5], Certificate: o.phuc, ID: []byte{1}},
		practice.SoftTokenEntry{Key: o.keys[4], Certificate: o.reauth, ID: []byte{2}, AlwaysAuthenticate: true})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "look-for-pin", o.module, hex.EncodeToString(practice.Veiled([]byte(secret))), hex.EncodeToString(practice.Veiled([]byte(other))),
		filepath.Join(t.TempDir(), "pins"))
	cmd.Env = append(os.Environ(), "SOFTHSM2_CONF="+conf, inspectEnv+"=1")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var found []sighting
	if err := json.Unmarshal(out, &found); err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		t.Logf("%-42s program %d, helper %d", f.When, f.Program, f.Helper)
		switch f.When {
		case planted:
			if f.Program == 0 {
				t.Error("the search does not find what is there")
			}
		case kept:
			if f.Program != 0 || f.Helper == 0 {
				t.Error("want it in the helper, which needs it again, and nowhere else")
			}
		default:
			if f.Program != 0 || f.Helper != 0 {
				t.Error("want none")
			}
		}
	}
	if len(found) != 8 {
		t.Errorf("%d searches", len(found))
	}
}

// sighting is what a search found.
type sighting struct {
	When            string
	Program, Helper int // places
}

const (
	planted = "a copy made on purpose"
	kept    = "logged in with a key that asks again"
)

func lookForPIN(args []string) int {
	found, err := searches(args[0], args[1], args[2], args[3])
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(found)
	}
	if err != nil {
		fmt.Println(err)
		return 1
	}
	return 0
}

func searches(module, veiledPIN, veiledOther, log string) (found []sighting, err error) {
	x, err := hex.DecodeString(veiledPIN)
	if err != nil {
		return nil, err
	}
	y, err := hex.DecodeString(veiledOther)
	if err != nil {
		return nil, err
	}
	// Parts are looked for, too: a cleared beginning would hide the rest.
	needles := [][]byte{x[:8], x[8:16], x[16:], y[:8], y[8:16], y[16:]}
	d := Open(module, worker.Options{}, CountPINs(NewPINLog(log)))
	defer d.Close()
	ctx := context.Background()
	look := func(when string) error {
		s := sighting{When: when}
		if s.Program, err = practice.Copies(os.Getpid(), needles...); err != nil {
			return err
		}
		if s.Helper, err = practice.Copies(d.process.PID(), needles...); err != nil {
			return err
		}
		found = append(found, s)
		return nil
	}
	tokens, err := d.Tokens(ctx)
	if err != nil || len(tokens) != 1 || len(tokens[0].Signers()) != 2 {
		return nil, fmt.Errorf("%d tokens, %w", len(tokens), err)
	}
	if err := look("before anything"); err != nil {
		return nil, err
	}
	plant := practice.Veiled(x)
	if err := look(planted); err != nil {
		return nil, err
	}
	clear(plant)
	for _, c := range tokens[0].Signers() {
		session, err := d.Login(ctx, tokens[0], c.X509, practice.Veiled(x))
		if err != nil {
			return nil, err
		}
		message := attributes(c.X509, crypto.SHA256)
		if _, err := session.Sign(ctx, message, crypto.SHA256, 0); err != nil {
			return nil, err
		}
		when := "logged in, one signature made"
		if c.X509.PublicKeyAlgorithm == x509.RSA {
			when = kept
		}
		if err := look(when); err != nil {
			return nil, err
		}
		if err := session.Close(); err != nil {
			return nil, err
		}
		if err := look("closed"); err != nil {
			return nil, err
		}
	}
	wrong := practice.Veiled(x)
	wrong[0] ^= 1
	if _, err := d.Login(ctx, tokens[0], tokens[0].Signers()[0].X509, wrong); err == nil {
		return nil, fmt.Errorf("a wrong PIN was taken")
	}
	if err := look("wrong PIN refused"); err != nil {
		return nil, err
	}
	if err := d.ChangePIN(ctx, tokens[0], practice.Veiled(x), practice.Veiled(y)); err != nil {
		return nil, err
	}
	return found, look("PIN changed")
}
