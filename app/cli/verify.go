package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"antin/signer"
	"antin/signer/home"
	"antin/signer/report"
	"antin/signer/trust"
	"antin/signer/verify"
)

// checking are the flags of verify.
type checking struct {
	job                    signer.VerifyJob
	roots                  []string
	report, notice, sender string
	extract                int
	out                    string
	json                   bool

	evidence, deleteEvidence bool
}

// verify checks documents and folders of documents. The network is asked for
// missing revocation data only, and never with --offline.
func (c *command) verify(ctx context.Context, args []string) (int, error) {
	var k checking
	var passwordFile string
	var offline bool
	f := c.flags("verify")
	f.list("trust", &k.roots)
	f.moment("at", &k.job.At)
	var hosts []string
	f.BoolVar(&offline, "offline", false, "")
	f.list("allow-host", &hosts)
	f.BoolVar(&k.json, "json", false, "")
	f.StringVar(&passwordFile, "password-file", "", "")
	f.StringVar(&k.report, "report", "", "")
	f.StringVar(&k.notice, "notice", "", "")
	f.StringVar(&k.sender, "sender", "", "")
	f.BoolVar(&k.evidence, "evidence", false, "")
	f.BoolVar(&k.deleteEvidence, "delete-evidence", false, "")
	var persons, organisations []string
	f.list("person", &persons)
	f.list("organisation", &organisations)
	f.IntVar(&k.extract, "extract", 0, "")
	f.StringVar(&k.out, "out", "", "")
	files, err := f.files(args)
	if err != nil {
		return exitUsage, err
	}
	switch {
	case k.job.At.After(time.Now().Add(24 * time.Hour)):
		return exitUsage, &usageError{c.words.Text("usage.future", c.words.Time(k.job.At))}
	case k.extract != 0 && len(files) != 1, k.extract < 0, k.out != "" && k.extract == 0:
		return exitUsage, &usageError{c.words.Text("usage.extract")}
	case k.report != "" && writers[filepath.Ext(k.report)] == nil:
		return exitUsage, &usageError{c.words.Text("usage.report")}
	}
	if k.job.Password, err = c.password(passwordFile); err != nil {
		return exitFor(err), err
	}
	set := c.settings()
	if k.job.Trust, err = c.store(append(k.roots, set.Trust...)); err != nil {
		return exitFor(err), err
	}
	if !offline {
		// One for all files: a server that does not answer is left alone for the
		// rest. Nobody waits long where there is no network.
		k.job.Fetch = &trust.Fetch{Proxy: set.Proxies(), AllowHosts: hosts, Request: 3 * time.Second, Total: 6 * time.Second}
	}
	said, err := home.ReadRoles()
	if err == nil {
		err = errors.Join(said.Say(report.Person, persons...), said.Say(report.Organisation, organisations...))
	}
	if err != nil {
		return exitFor(err), err
	}
	k.job.Roles = said.Known()
	if k.extract != 0 {
		k.job.Source = files[0]
		made, err := signer.Extract(ctx, k.job, k.extract, cmp.Or(k.out, set.Folder()))
		if err != nil {
			return exitFor(err), err
		}
		fmt.Fprintln(c.Stdout, c.words.Text("verify.extracted", k.extract, made))
		return exitDone, nil
	}
	if files, err = signer.Documents(files); err != nil {
		return exitFor(err), err
	}
	return c.checkAll(ctx, &k, files)
}

// checkAll checks files with as many workers as the machine has processors and
// tells the results in the order of the files.
func (c *command) checkAll(ctx context.Context, k *checking, files []string) (int, error) {
	code, rootless := exitDone, false
	var records []report.Document
	for i, r := range k.results(ctx, files) {
		line := c.begin(filepath.Base(files[i]))
		line.report(signer.Verifying, 0, 0)
		done := <-r
		line.finish()
		if ctx.Err() != nil {
			return exitFailure, &problem{"KS-620", ctx.Err()}
		}
		if done.err != nil {
			code = worse(code, exitFor(done.err))
		} else {
			code = worse(code, verdictCodes[done.report.Verdict()])
			rootless = rootless || slices.ContainsFunc(done.report.Signatures, func(s verify.Signature) bool { return s.Path != nil })
		}
		if done.record != nil {
			records = append(records, *done.record)
		}
		c.showResult(files[i], i, k.json, done)
	}
	if !k.job.Trust.HasAnchors() && rootless && !k.json {
		fmt.Fprintln(c.Stderr, c.words.Text("verify.no-trust"))
	}
	if w := k.job.Trust.Clock(); w != nil {
		c.words.Write(c.Stderr, c.words.Explain(&problem{"KS-601", w}))
	}
	if err := c.writeRecords(k, records); err != nil {
		return exitFor(err), err
	}
	return code, nil
}

// checked is the result for one file.
type checked struct {
	report *verify.Report
	record *report.Document // what it means for the decree's questions
	err    error
}

// results starts the checks; each file's result comes on its own channel.
func (k *checking) results(ctx context.Context, files []string) []chan checked {
	out := make([]chan checked, len(files))
	for i := range out {
		out[i] = make(chan checked, 1)
	}
	next := make(chan int)
	for range min(runtime.GOMAXPROCS(0), len(files)) {
		go func() {
			for i := range next {
				out[i] <- k.check(ctx, files[i])
			}
		}()
	}
	go func() {
		defer close(next)
		for i := range files {
			next <- i
		}
	}()
	return out
}

func (k *checking) check(ctx context.Context, file string) checked {
	job := k.job
	job.Source = file
	if k.deleteEvidence {
		if err := report.DeleteEvidence(file + report.EvidenceSuffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return checked{err: err}
		}
	}
	record, err := signer.Examine(ctx, job)
	if err != nil {
		return checked{err: err}
	}
	if record.Report == nil { // damaged: judged as far as it can be read
		r, err := signer.Verify(ctx, job)
		return checked{r, &record.Document, err}
	}
	if k.evidence {
		m := report.New(report.Options{Program: "antin " + Version}, record.Document)
		err = report.WriteEvidence(file+report.EvidenceSuffix, report.Collect(m, record.Report, nil))
	}
	return checked{record.Report, &record.Document, err}
}

func (c *command) showResult(file string, i int, asJSON bool, done checked) {
	switch {
	case asJSON:
		writeJSON(c.Stdout, c.verifyRecord(file, done))
	case i > 0:
		fmt.Fprintln(c.Stdout)
		fallthrough
	default:
		if done.err == nil {
			c.showReport(file, done.report)
			told := done.record.In(string(c.words))
			fmt.Fprintln(c.Stdout, "  "+c.words.Text("verify.decree", told.Title, told.Next))
		} else {
			fmt.Fprintln(c.Stdout, c.words.Text("verify.not-checked", file))
		}
	}
	if done.err != nil {
		fmt.Fprintf(c.Stderr, "%s:\n", file)
		c.words.Write(c.Stderr, c.words.Explain(done.err))
	}
}

var verdictCodes = map[verify.Verdict]int{
	verify.Valid: exitDone, verify.Invalid: exitRefused, verify.Unsigned: exitRefused, verify.Undecided: exitUndecided,
}

func (c *command) verifyRecord(file string, done checked) verifyRecord {
	record := verifyRecord{Schema: "antin/verify/1", Source: file, State: "done"}
	if done.record != nil {
		record.Decree = &decreeRecord{done.record.Result, done.record.Title, done.record.Next}
	}
	if done.err != nil {
		record.State, record.Error = "failed", recordOf(c.words.Explain(done.err))
		return record
	}
	r := done.report
	record.Verdict, record.Time, record.Revisions, record.Orphans = r.Verdict(), timeOf(r.Time), r.Revisions, len(r.Orphans)
	for i := range r.Signatures {
		record.Signatures = append(record.Signatures, signatureOf(&r.Signatures[i]))
	}
	return record
}

func signatureOf(s *verify.Signature) signatureRecord {
	out := signatureRecord{
		Field: s.Field, Kind: s.Kind, Indication: s.Indication, SubIndication: s.SubIndication, Intact: s.Intact(),
		Signer: holderOf(s.Signer), Level: s.Level, ClaimedTime: timeOf(s.ClaimedTime), ProvenTime: timeOf(s.ProvenTime),
		Revocation: s.Revocation.State.String(), Place: placeOf(s.Page, s.Box), Revision: s.Revision,
		CoversFile: s.CoversFile, Warnings: s.Warnings,
	}
	if s.Err != nil {
		out.Reason = s.Err.Error()
	}
	for _, ch := range s.Changes {
		out.Changes = append(out.Changes, changeRecord{ch.Revision, ch.Kind, ch.Forbidden, ch.Page, ch.Field, ch.Detail})
	}
	return out
}
