package signer_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"antin/signer"
	"antin/signer/register"
	"antin/signer/verify"
)

// batchProcess begins or resumes the batch over the decisions in dir. With
// ANTIN_TEST_CRASH_AT it kills itself at that write to the disk, counted from 1.
func batchProcess(dir string) int {
	err := runBatch(dir)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func runBatch(dir string) error {
	ctx := context.Background()
	deadly, _ := strconv.Atoi(os.Getenv("ANTIN_TEST_CRASH_AT")) // 0 without
	writes := 0
	trace := func(string) {
		if writes++; writes == deadly {
			p, err := os.FindProcess(os.Getpid())
			if err == nil {
				err = p.Kill()
			}
			panic(fmt.Sprint("still alive: ", err))
		}
	}
	key, _, err := readIdentity(filepath.Join(dir, "key.pem"), filepath.Join(dir, "key.key.pem"))
	if err != nil {
		return err
	}
	r, err := register.Open(ctx, filepath.Join(dir, "so.db"), register.Options{Trace: trace})
	if err != nil {
		return err
	}
	defer r.Close()
	signer.TraceOutputs(trace)
	common := signer.Common{Key: key}
	begin := issuesIn
	if os.Getenv("ANTIN_TEST_COPIES") != "" {
		begin = copiesIn
	}
	b, err := begin(ctx, r, common, dir)
	if err != nil || b == nil {
		return err
	}
	defer b.Close()
	if os.Getenv("ANTIN_TEST_FIGURES") != "" {
		err = runMeasured(b)
	} else {
		err = b.Run(ctx)
	}
	for _, row := range b.Rows {
		if row.State != signer.RowDone {
			err = errors.Join(err, fmt.Errorf("%s: state %d: %w", row.Source, row.State, row.Err))
		}
	}
	fmt.Println(writes, "writes")
	return err
}

// issuesIn is the run over the decisions in dir, nil when all is done.
func issuesIn(ctx context.Context, r *register.Register, c signer.Common, dir string) (*signer.EnteredBatch, error) {
	b, err := signer.ResumeIssues(ctx, r, c)
	if errors.Is(err, register.ErrNoEntry) {
		if next, err := r.Next(ctx, register.Outgoing, mustNumber("1/QĐ-UBND"), batchDay); err != nil || next.N > 1 {
			return nil, err
		}
		b, err = signer.NewIssueBatch(ctx, r, c, batchRows(dir))
	}
	if err != nil {
		return nil, err
	}
	return b.EnteredBatch, nil
}

func mustNumber(text string) register.Number {
	n, err := register.ParseNumber(text)
	if err != nil {
		panic(err)
	}
	return n
}

var batchDay = time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)

// batchRows issues vb-*.pdf of dir as 1, 2 …; phu-luc.pdf goes with the first.
func batchRows(dir string) []signer.IssueRow {
	sources, err := filepath.Glob(filepath.Join(dir, "vb-*.daky.pdf"))
	if err != nil {
		panic(err) // our own pattern
	}
	var rows []signer.IssueRow
	for i, source := range sources {
		job := signer.IssueJob{Number: fmt.Sprintf("%d/QĐ-UBND", i+1), Date: batchDay, Seal: filepath.Join(dir, "dau.png"), Diameter: 36}
		job.Source = source
		rows = append(rows, signer.IssueRow{Job: job})
	}
	rows[0].Attachments = []string{filepath.Join(dir, "phu-luc.pdf")}
	return rows
}

// batchFolder has n decisions, an attachment and the keys.
func batchFolder(t testing.TB, n int) *desk {
	t.Helper()
	d := newDesk(t)
	d.list(n, 1)
	d.put("phu-luc.pdf", d.decision)
	if err := d.seal.WriteFiles(d.dir, "key"); err != nil {
		t.Fatal(err)
	}
	return d
}

// run is the process, killed at write number crash; 0 lets it live.
func (d *desk) run(crash int, env ...string) (killed bool, out string) {
	d.t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "ANTIN_TEST_BATCH="+d.dir, "ANTIN_TEST_CRASH_AT="+strconv.Itoa(crash))
	cmd.Env = append(cmd.Env, env...)
	b, err := cmd.CombinedOutput()
	if crash > 0 && cmd.ProcessState.ExitCode() == -1 {
		return true, string(b)
	}
	if err != nil {
		d.t.Fatalf("%v\n%s", err, b)
	}
	return false, string(b)
}

// issuedOnce checks the folder of a batch of n: each output is there once with
// the seal on it once, nothing else is, and the register says the same.
func (d *desk) issuedOnce(n int) {
	d.t.Helper()
	made := 0
	for _, name := range d.left() {
		if strings.Contains(name, "(") || strings.HasPrefix(name, ".") {
			d.t.Errorf("left behind: %s", name)
		}
		if !strings.HasSuffix(name, ".phathanh.pdf") {
			continue
		}
		made++
		want := 2
		if strings.HasPrefix(name, "phu-luc") {
			want = 1
		}
		r, err := signer.Verify(context.Background(), signer.VerifyJob{Source: d.path(name), Trust: d.store})
		if err != nil || r.Verdict() != verify.Valid || len(r.Signatures) != want {
			d.t.Errorf("%s: %+v %v", name, r, err)
		}
	}
	r := d.register()
	entered := lines(d.t, r)
	if made != n+1 || len(entered) != n {
		d.t.Errorf("%d files, %d entries, want %d and %d", made, len(entered), n+1, n)
	}
	for i := range n {
		doc := entered[mustNumber(fmt.Sprintf("%d/QĐ-UBND", i+1)).String()]
		if doc == nil || filepath.Base(doc.Output.Path) != fmt.Sprintf("vb-%03d.phathanh.pdf", i+1) {
			d.t.Errorf("number %d: %+v", i+1, doc)
		}
	}
	attached := 0
	for range r.Entries(context.Background(), register.Acted) {
		attached++
	}
	if attached != 1 {
		d.t.Errorf("the attachment stands %d times in the log", attached)
	}
	sound(d.t, r)
	_ = r.Close()
}

// TestCrashAtEveryWrite kills the process before and after every commit, every
// write of the second file and every output's name, and lets another go on.
// Where that one is killed too, a third does.
func TestCrashAtEveryWrite(t *testing.T) {
	const documents = 2
	points, twice, out := crashEverywhere(t, func() *desk { return batchFolder(t, documents) }, func(d *desk) { d.issuedOnce(documents) })
	t.Logf("%d documents and an attachment, %s: killed at each, %d processes killed twice", documents, out, twice)
	if points < 25 {
		t.Errorf("killed at %d writes only", points)
	}
}

// crashEverywhere kills a process at each write in turn, with a folder of its own
// each time, and has another go on: what once checks must hold then. Every third
// time that process is killed too, as far as it comes before its end.
func crashEverywhere(t *testing.T, folder func() *desk, once func(*desk), env ...string) (points, twice int, out string) {
	for at := 1; ; at++ {
		d := folder()
		killed, out := d.run(at, env...)
		if !killed {
			once(d)
			return points, twice, strings.TrimSpace(out)
		}
		points++
		if at%3 == 0 {
			if again, _ := d.run(1+at/3, env...); again {
				twice++
			}
		}
		d.run(0, env...)
		if once(d); t.Failed() {
			t.Fatalf("killed at write %d", at)
		}
	}
}

// A name that a crash has left empty, as happens where files cannot be linked,
// is used after all.
func TestEmptyOutputAfterACrash(t *testing.T) {
	d := batchFolder(t, 2)
	for at := 1; ; at++ { // until the number is reserved and nothing signed
		if killed, _ := d.run(at); !killed {
			t.Fatal("never reserved")
		}
		r := d.register()
		_, err := r.Find(context.Background(), register.Outgoing, mustNumber("1/QĐ-UBND"), batchDay)
		_ = r.Close()
		if err == nil {
			break
		}
	}
	d.put("vb-001.phathanh.pdf", nil)
	d.run(0)
	d.issuedOnce(2)
}
