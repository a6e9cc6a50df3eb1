package practice

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// ErrNoSoftHSM means that SoftHSM 2 or a tool needed to fill it is not
// installed; the text names the Debian package.
var ErrNoSoftHSM = errors.New("practice: SoftHSM 2 is not complete")

// SoftTokenEntry is what goes onto a token together: a key, its certificate and
// the certificates of the issuers.
type SoftTokenEntry struct {
	Key         crypto.Signer     // RSA or ECDSA key in memory; nil: only certificates, as for a renewed one
	Certificate *x509.Certificate // nil: a key without certificate
	ID          []byte            // CKA_ID of key and certificate; nil: none
	Label       string            // CKA_LABEL
	Chain       []*x509.Certificate
	// AlwaysAuthenticate makes the token ask for the PIN at every signature, as
	// cards for qualified signatures do.
	AlwaysAuthenticate bool
}

// softHSMPaths are the places of the module, Debian's first.
var softHSMPaths = []string{
	"/usr/lib/softhsm/libsofthsm2.so",
	"/usr/lib/*/softhsm/libsofthsm2.so",
	"/usr/lib64/pkcs11/libsofthsm2.so",
	"/opt/homebrew/lib/softhsm/libsofthsm2.so",
}

// SoftHSMModule is the path of SoftHSM's PKCS#11 module, or [ErrNoSoftHSM]. A
// process that loads it needs SOFTHSM2_CONF in its environment.
func SoftHSMModule() (string, error) {
	for _, pattern := range softHSMPaths {
		if found, err := filepath.Glob(pattern); err == nil && len(found) > 0 {
			return found[0], nil
		}
	}
	return "", fmt.Errorf("%w: libsofthsm2.so not found, install the package softhsm2", ErrNoSoftHSM)
}

// NewSoftToken makes a SoftHSM 2 token in dir and returns the path of the
// configuration for SOFTHSM2_CONF. Further calls with the same dir add further
// tokens under the same configuration. label is at most 32 bytes of UTF-8.
//
// For practice only: PINs are arguments of softhsm2-util and pkcs11-tool, where
// other users of the machine can see them, and keys lie in files. It takes about
// 50 ms for each object.
func NewSoftToken(dir, label, pin string, entries ...SoftTokenEntry) (conf string, err error) {
	module, err := SoftHSMModule()
	if err != nil {
		return "", err
	}
	t := softToken{module: module, pin: pin}
	for _, tool := range []struct{ name, debian string }{{"softhsm2-util", "softhsm2"}, {"pkcs11-tool", "opensc"}} {
		if _, err := exec.LookPath(tool.name); err != nil {
			return "", fmt.Errorf("%w: %s not found, install the package %s", ErrNoSoftHSM, tool.name, tool.debian)
		}
	}
	if len(label) > 32 { // CK_TOKEN_INFO.label, PKCS #11 2.40, 3.2
		return "", fmt.Errorf("practice: token label %q is longer than 32 bytes", label)
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return "", err
	}
	conf = filepath.Join(dir, "softhsm2.conf")
	t.env = append(os.Environ(), "SOFTHSM2_CONF="+conf)
	tokens := filepath.Join(dir, "tokens")
	if err := os.MkdirAll(tokens, 0o700); err != nil {
		return "", err
	}
	settings := "directories.tokendir = " + tokens + "\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = true\n"
	if err := os.WriteFile(conf, []byte(settings), 0o600); err != nil {
		return "", err
	}
	if t.work, err = os.MkdirTemp(dir, "work"); err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(t.work)) }()

	out, err := t.run("softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", pin, "--pin", pin)
	if err != nil {
		return "", fmt.Errorf("making token %q: %w", label, err)
	}
	slot := reassigned.FindSubmatch(out)
	if slot == nil {
		return "", fmt.Errorf("making token %q: softhsm2-util names no slot: %s", label, out)
	}
	t.slot = string(slot[1])
	for i, e := range entries {
		if err := t.add(e); err != nil {
			return "", fmt.Errorf("filling token %q, entry %d: %w", label, i+1, err)
		}
	}
	return conf, nil
}

var reassigned = regexp.MustCompile(`slot (\d+)`)

type softToken struct {
	module, pin, slot string
	work              string // folder for files in passing
	env               []string
}

func (t softToken) add(e SoftTokenEntry) error {
	if e.Key != nil {
		private, err := x509.MarshalPKCS8PrivateKey(e.Key)
		if err != nil {
			return err
		}
		public, err := x509.MarshalPKIXPublicKey(e.Key.Public())
		if err != nil {
			return err
		}
		options := []string{"--usage-sign", "--sensitive"}
		if e.AlwaysAuthenticate {
			options = append(options, "--always-auth")
		}
		if err := t.write("privkey", private, e.ID, e.Label, options...); err != nil {
			return err
		}
		if err := t.write("pubkey", public, e.ID, e.Label); err != nil {
			return err
		}
	}
	if e.Certificate != nil {
		if err := t.write("cert", e.Certificate.Raw, e.ID, e.Label); err != nil {
			return err
		}
	}
	for _, c := range e.Chain {
		if err := t.write("cert", c.Raw, c.SubjectKeyId, c.Subject.CommonName); err != nil {
			return err
		}
	}
	return nil
}

// write stores one object.
func (t softToken) write(kind string, der, id []byte, label string, options ...string) error {
	file := filepath.Join(t.work, kind)
	if err := os.WriteFile(file, der, 0o600); err != nil {
		return err
	}
	args := []string{
		"--module", t.module, "--slot", t.slot, "--login", "--pin", t.pin,
		"--write-object", file, "--type", kind, "--label", label,
	}
	if len(id) > 0 {
		args = append(args, "--id", hex.EncodeToString(id))
	}
	if _, err := t.run("pkcs11-tool", append(args, options...)...); err != nil {
		return fmt.Errorf("writing %s %q: %w", kind, label, err)
	}
	return os.Remove(file)
}

func (t softToken) run(tool string, args ...string) ([]byte, error) {
	cmd := exec.Command(tool, args...)
	cmd.Env = t.env
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w: %s", tool, err, strings.TrimSpace(stderr.String()))
	}
	return stdout.Bytes(), nil
}
