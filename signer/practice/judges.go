package practice

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// Opinion is what another program says about a signed document.
type Opinion struct {
	Judge   string // name of the program
	Accepts bool
	Missing bool   // the program is not installed
	Says    string // the lines that matter
}

// Error is nil when the judge accepts.
func (o Opinion) Error() error {
	switch {
	case o.Missing:
		return fmt.Errorf("%s is not installed", o.Judge)
	case !o.Accepts:
		return fmt.Errorf("%s: %s", o.Judge, o.Says)
	}
	return nil
}

func ask(name string, args ...string) (Opinion, string) {
	out, err := exec.Command(name, args...).CombinedOutput()
	o := Opinion{Judge: name, Accepts: err == nil, Missing: errors.Is(err, exec.ErrNotFound), Says: strings.TrimSpace(string(out))}
	if err != nil && o.Says == "" {
		o.Says = err.Error()
	}
	return o, string(out)
}

// QPDF judges the structure of the file.
func QPDF(path, password string) Opinion {
	o, out := ask("qpdf", "--check", "--password="+password, path)
	if o.Accepts && strings.Contains(out, "WARNING") {
		o.Accepts = false
	}
	if o.Accepts {
		o.Says = "no errors"
	}
	return o
}

var (
	pdfsigValid = regexp.MustCompile(`Signature Validation: (.*)`)
	pdfsigWhole = regexp.MustCompile(`Total document signed`)
	mutoolRight = regexp.MustCompile(`The signature is valid but there have been edits|The document is unchanged since signing`)
)

// PDFSig judges the digest and the value of every signature. It knows nothing
// of changes made later; the last signature must cover the whole file.
func PDFSig(path, password string, signatures int) Opinion {
	return PDFSigStamped(path, password, signatures, 0)
}

// PDFSigStamped is PDFSig for a file that has document time-stamps beside its
// signatures: pdfsig lists those and does not know how to verify them.
func PDFSigStamped(path, password string, signatures, stamps int) Opinion {
	args := []string{"-nocert", path}
	if password != "" {
		args = append([]string{"-upw", password, "-opw", password}, args...)
	}
	o, out := ask("pdfsig", args...)
	if o.Missing {
		return o
	}
	found := pdfsigValid.FindAllStringSubmatch(out, -1)
	valid, listed := 0, 0
	for _, f := range found {
		switch strings.TrimSpace(f[1]) {
		case "Signature is Valid.":
			valid++
		case "Signature has not yet been verified.":
			listed++
		}
	}
	o.Accepts = valid == signatures && listed == stamps && len(found) == valid+listed && pdfsigWhole.MatchString(out)
	if o.Accepts {
		o.Says = fmt.Sprintf("%d of %d signatures valid", valid, signatures)
	}
	return o
}

// MuTool judges the digest of every signature with MuPDF. It trusts the system's
// roots only, so that a practice root is always a complaint; what counts is the
// digest.
func MuTool(path, password string, signatures int) Opinion {
	args := []string{"sign", "-v"}
	if password != "" {
		args = append(args, "-p", password)
	}
	o, out := ask("mutool", append(args, path)...)
	if o.Missing {
		return o
	}
	o.Accepts = len(mutoolRight.FindAllString(out, -1)) == signatures && !strings.Contains(out, "Signature error")
	return o
}

// OpenSSLCMS verifies a detached CMS over the bytes of the two ranges of the
// file, with the certificates in the PEM file as anchors.
func OpenSSLCMS(path string, byteRange [4]int64, cms []byte, anchorsPEM string) Opinion {
	dir, err := os.MkdirTemp("", "antin-openssl-")
	if err != nil {
		return Opinion{Judge: "openssl", Says: err.Error()}
	}
	defer os.RemoveAll(dir)
	content, message := filepath.Join(dir, "content"), filepath.Join(dir, "cms.der")
	if err := errors.Join(writeRanges(path, byteRange, content), os.WriteFile(message, cms, 0o600)); err != nil {
		return Opinion{Judge: "openssl", Says: err.Error()}
	}
	o, _ := ask("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", message, "-content", content,
		"-CAfile", anchorsPEM, "-purpose", "any", "-out", os.DevNull)
	return o
}

func writeRanges(path string, br [4]int64, to string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, io.MultiReader(io.NewSectionReader(f, br[0], br[1]), io.NewSectionReader(f, br[2], br[3])))
	return errors.Join(err, out.Close())
}

// OpenSSLTS verifies a time-stamp token over data.
func OpenSSLTS(token, data []byte, anchorsPEM, untrustedPEM string) Opinion {
	dir, err := os.MkdirTemp("", "antin-openssl-")
	if err != nil {
		return Opinion{Judge: "openssl", Says: err.Error()}
	}
	defer os.RemoveAll(dir)
	in, content := filepath.Join(dir, "token.der"), filepath.Join(dir, "data")
	if err := errors.Join(os.WriteFile(in, token, 0o600), os.WriteFile(content, data, 0o600)); err != nil {
		return Opinion{Judge: "openssl", Says: err.Error()}
	}
	args := []string{"ts", "-verify", "-token_in", "-in", in, "-data", content, "-CAfile", anchorsPEM}
	if untrustedPEM != "" {
		args = append(args, "-untrusted", untrustedPEM)
	}
	o, _ := ask("openssl", args...)
	return o
}

// preflightJars are Debian's libpdfbox2-java, libactivation-java and
// libjaxb-api-java.
var preflightJars = []string{"preflight", "xmpbox", "pdfbox2", "fontbox2", "commons-logging", "commons-io", "javax.activation", "jaxb-api"}

// Preflight judges by Apache PDFBox whether a file that claims PDF/A-2b is an
// archive file. It knows PDF/A-1b alone, which forbids more: that the claim is of
// another part is the one fault that it may find.
func Preflight(path string) Opinion {
	var jars []string
	for _, j := range preflightJars {
		jars = append(jars, filepath.Join("/usr/share/java", j+".jar"))
		if _, err := os.Stat(jars[len(jars)-1]); err != nil {
			return Opinion{Judge: "preflight", Missing: true, Says: err.Error()}
		}
	}
	o, out := ask("java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", strings.Join(jars, ":"), "org.apache.pdfbox.preflight.Validator_A1b", path)
	o.Judge, o.Says = "preflight", ""
	for line := range strings.Lines(out) {
		if preflightFault.MatchString(line) && !strings.Contains(line, "part must be 1") {
			o.Says += line
		}
	}
	o.Accepts = o.Says == "" && strings.Contains(out, "part must be 1")
	if !o.Accepts && o.Says == "" {
		o.Says = out
	}
	return o
}

var preflightFault = regexp.MustCompile(`^[0-9.]+ : `)
