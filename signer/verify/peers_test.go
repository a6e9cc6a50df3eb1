package verify_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"antin/signer/pdffile"
)

// peers are other programs that judge signatures of PDF files.
var peers = []string{"pdfsig", "openssl", "iText 5", "PDFBox 2"}

// opinion is what a peer says of a file: yes (there are signatures, and all are
// good), no, none (no signature), error, or "" when it cannot be asked.
type opinion map[string]string

// subject is a row of the matrix, its file and what is said of it.
type subject struct {
	sample
	group   string // for the reasons of differences
	telling bool   // worth asking the slower peers
	path    string
	intact  bool // our verdict on bytes and changes; peers know nothing of our roots
	crypto  bool // and on the messages alone
	opinion opinion
}

// The verdicts on bytes and changes are held against those of other programs,
// for approvals, good files and faulty ones. Every difference has its reason in
// the tables of differences_test.go, and every reason a difference. None of them
// looks at what is done after a signature: the slower ones get the first files of
// those classes only.
func TestPeers(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs other programs on some hundred files")
	}
	all := subjects(t)
	askAll(t, all)
	used := map[string]bool{}
	counts := map[string]map[string]int{}
	for _, s := range all {
		for _, p := range peers {
			says := s.opinion[p]
			if counts[p] == nil {
				counts[p] = map[string]int{}
			}
			ours := s.intact
			if p == "openssl" {
				ours = s.crypto
			}
			agrees := (says == "yes") == ours
			switch key, reason := reasonFor(s, p, says); {
			case says == "":
				counts[p]["not asked"]++
			case agrees:
				counts[p]["agrees"]++
			case reason == "":
				t.Errorf("%s / %s: %s says %q, ours is %v", s.group, s.name, p, says, ours)
			default:
				used[key] = true
				if ours {
					counts[p]["refuses what is good"]++
				} else {
					counts[p]["accepts what is not"]++
				}
			}
		}
	}
	for _, p := range peers {
		t.Logf("%-9s %v", p, counts[p])
	}
	for _, d := range differences {
		if slices.ContainsFunc(all, func(s *subject) bool { return s.opinion[d.peer] != "" }) && !used[d.key()] {
			t.Errorf("%s no longer differs on %q %q", d.peer, d.group, d.rows)
		}
	}
}

// afterwards tells whether a class is about what is done after a signature.
func afterwards(group string) bool {
	return slices.Contains([]string{
		"incremental saving", "shadow", "certification", "colliding signatures", "pages and catalog", "fields and locks", "parser differences", "endless structures", "spoofed dictionary",
	}, group)
}

// reasonFor is why a peer may say what we do not, and which entry tells so.
func reasonFor(s *subject, peer, says string) (key, reason string) {
	for _, d := range differences {
		if d.peer == peer && d.group == s.group && d.says == says && (d.rows == nil || slices.Contains(d.rows, s.name)) {
			return d.key(), d.why
		}
	}
	return "", ""
}

// difference is a peer's answer that is not ours, and why.
type difference struct {
	peer, group, says, why string
	rows                   []string // nil = of the whole group
}

func (d difference) key() string { return d.peer + d.group + d.says + strings.Join(d.rows, ",") }

func subjects(t *testing.T) []*subject {
	var all []*subject
	dir := t.TempDir()
	add := func(group string, rows []sample) {
		for i, row := range rows {
			s := &subject{sample: row, group: group, telling: i < 4 || !afterwards(group), path: filepath.Join(dir, fmt.Sprintf("%03d.pdf", len(all))), intact: true, crypto: true, opinion: opinion{}}
			pdf := row.pdf(t)
			if err := os.WriteFile(s.path, pdf, 0o600); err != nil {
				t.Fatal(err)
			}
			row.pdf = given(pdf)
			r := row.judge(t)
			for i := range r.Signatures {
				s.intact = s.intact && r.Signatures[i].Intact()
				s.crypto = s.crypto && r.Signatures[i].Crypto == nil
			}
			all = append(all, s)
		}
	}
	for _, c := range classes {
		add(c.name, c.rows(t, 0))
	}
	add("good", goodFiles(t))
	add("faulty", faultyFiles(t))
	return all
}

func askAll(t *testing.T, all []*subject) {
	var wait sync.WaitGroup
	work := make(chan *subject)
	for range runtime.NumCPU() {
		wait.Go(func() {
			for s := range work {
				s.opinion["pdfsig"] = pdfsigSays(s.path)
				if s.telling {
					s.opinion["openssl"] = opensslSays(t, s.path)
				}
			}
		})
	}
	for _, s := range all {
		work <- s
	}
	close(work)
	wait.Wait()
	askJava(t, slices.DeleteFunc(slices.Clone(all), func(s *subject) bool { return !s.telling }))
	for _, p := range peers {
		if !slices.ContainsFunc(all, func(s *subject) bool { return s.opinion[p] != "" }) {
			t.Logf("%s is not installed and was not asked", p)
		}
	}
}

var pdfsigLine = regexp.MustCompile(`Signature Validation: (.*)`)

func pdfsigSays(path string) string {
	out, err := exec.Command("pdfsig", "-nocert", path).CombinedOutput()
	if out == nil && err != nil {
		return ""
	}
	lines := pdfsigLine.FindAllSubmatch(out, -1)
	for _, l := range lines {
		if strings.TrimSpace(string(l[1])) != "Signature is Valid." {
			return "no"
		}
	}
	switch {
	case len(lines) > 0:
		return "yes"
	case bytes.Contains(out, []byte("does not contain any signatures")):
		return "none"
	}
	return "error"
}

// opensslSays judges the messages alone; it knows nothing of the file.
func opensslSays(t *testing.T, path string) string {
	pdf, err := os.ReadFile(path)
	if err != nil {
		t.Error(err)
		return ""
	}
	if _, err := exec.LookPath("openssl"); err != nil {
		return ""
	}
	f, err := pdffile.Read(bytes.NewReader(pdf), int64(len(pdf)), pdffile.Options{})
	if err != nil {
		return ""
	}
	sigs, err := f.Signatures()
	if err != nil || len(sigs) == 0 {
		return ""
	}
	for i, s := range sigs {
		filter := f.Name(s.Dict["SubFilter"])
		if s.Err != nil || filter != "ETSI.CAdES.detached" && filter != "adbe.pkcs7.detached" || s.End() > int64(len(pdf)) || s.ByteRange[2] < s.ByteRange[1] {
			return "" // no message that openssl could judge
		}
		content, message := fmt.Sprintf("%s.%d", path, i), fmt.Sprintf("%s.%d.der", path, i)
		ranges := slices.Concat(pdf[s.ByteRange[0]:s.ByteRange[0]+s.ByteRange[1]], pdf[s.ByteRange[2]:s.End()])
		if err := os.WriteFile(content, ranges, 0o600); err != nil {
			t.Error(err)
		}
		if err := os.WriteFile(message, s.Contents, 0o600); err != nil {
			t.Error(err)
		}
		err := exec.Command("openssl", "cms", "-verify", "-noverify", "-binary", "-inform", "DER", "-in", message, "-content", content, "-out", os.DevNull).Run()
		if err != nil {
			return "no"
		}
	}
	return "yes"
}

// askJava asks iText 5 and PDFBox 2 with BouncyCastle, in one process.
func askJava(t *testing.T, all []*subject) {
	var jars []string
	for _, j := range []string{"itext5", "pdfbox2", "fontbox2", "bcprov", "bcpkix", "bcutil", "commons-logging"} {
		jars = append(jars, filepath.Join("/usr/share/java", j+".jar"))
	}
	for _, j := range jars {
		if _, err := os.Stat(j); err != nil {
			t.Logf("iText and PDFBox need the Debian packages libitext5-java, libpdfbox2-java and libbcpkix-java: %v", err)
			return
		}
	}
	if _, err := exec.LookPath("javac"); err != nil {
		t.Logf("iText and PDFBox need a JDK: %v", err)
		return
	}
	cmd := exec.Command("java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", strings.Join(jars, ":"), "testdata/Judges.java")
	var in bytes.Buffer
	for _, s := range all {
		fmt.Fprintln(&in, s.path)
	}
	cmd.Stdin = &in
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if err != nil || len(lines) != len(all) {
		t.Fatalf("java: %v: %d answers for %d files: %s", err, len(lines), len(all), complaints.String())
	}
	for i, s := range all {
		s.opinion["iText 5"], s.opinion["PDFBox 2"], _ = strings.Cut(lines[i], " ")
	}
}
