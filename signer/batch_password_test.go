package signer_test

import (
	"errors"
	"os/exec"
	"testing"

	"antin/signer"
	"antin/signer/pdffile"
	"antin/signer/practice/machine"
	"antin/signer/register"
	"antin/signer/scan"
)

const documentPassword = "mo-ra"

// locked encrypts a file of the desk and returns the new one's path.
func (d *desk) locked(source, name string) string {
	d.t.Helper()
	path := d.path(name)
	if out, err := exec.Command(machine.Program(d.t, "qpdf", "qpdf"), "--encrypt", documentPassword, "chu-nhan", "256", "--", source, path).CombinedOutput(); err != nil {
		d.t.Fatalf("qpdf: %v %s", err, out)
	}
	return path
}

// A run that goes on after a power cut does not know the passwords of its scans: a
// row without one fails, alone, and is done when the password is given, for the run
// or for the row.
func TestResumedCopiesAskForPasswords(t *testing.T) {
	ctx, d := t.Context(), newDesk(t)
	r, rows := d.register(), d.scans(3)
	var pages []scan.File
	for i, name := range []string{"khoa-1.pdf", "khoa-2.pdf"} {
		pages = append(pages, scan.File{Path: d.locked(rows[i].Job.Source, name), Password: documentPassword})
	}
	leaves, err := scan.Leaves(ctx, pages...)
	if err != nil {
		t.Fatal(err)
	}
	together := scan.NewPlan(leaves...)
	rows[0].Job.Source, rows[0].Job.Password, rows[0].Job.Sheets = pages[0].Path, documentPassword, &together
	rows[0].Job.Looked = []scan.Kind{scan.Duplicate}
	rows[1].Job.Source, rows[1].Job.Password = d.locked(rows[1].Job.Source, "khoa-3.pdf"), documentPassword
	passes(t, r, d.seals(), rows)
	b, err := signer.NewCopyBatch(ctx, r, d.seals(), rows)
	if err != nil {
		t.Fatal(err)
	}
	resumed := func(password string) {
		t.Helper()
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		common := d.seals()
		common.Password = password
		if b, err = signer.ResumeCopies(ctx, r, common); err != nil {
			t.Fatal(err)
		}
		b.Retry()
		if err := b.Run(ctx); err != nil {
			t.Fatal(err)
		}
	}
	resumed("")
	if states(&b.Batch) != "ffd" || !errors.Is(b.Rows[0].Err, pdffile.ErrPassword) || !errors.Is(b.Rows[1].Err, pdffile.ErrPassword) {
		t.Fatalf("without a password: %s, %v, %v", states(&b.Batch), b.Rows[0].Err, b.Rows[1].Err)
	}
	resumed("sai")
	if states(&b.Batch) != "ffd" || !errors.Is(b.Rows[0].Err, pdffile.ErrPassword) {
		t.Fatalf("with a wrong one: %s, %v", states(&b.Batch), b.Rows[0].Err)
	}
	b.Rows[1].Password = documentPassword
	b.Retry()
	if err := b.Run(ctx); err != nil || states(&b.Batch) != "fdd" {
		t.Fatalf("with one for a row: %v %s, %v", err, states(&b.Batch), b.Rows[1].Err)
	}
	resumed(documentPassword)
	if states(&b.Batch) != "ddd" || len(copies(t, r)) != 3 {
		t.Errorf("with one for all: %s, %v", states(&b.Batch), b.Rows[0].Err)
	}
	if n := b.Rows[0].Result.Copy; n == nil || len(n.Sources) != 2 {
		t.Errorf("%+v", n)
	}
	sound(t, r)
}

// A document of a clerk's run may have a password of its own.
func TestIssuedRowHasItsPassword(t *testing.T) {
	ctx, d := t.Context(), newDesk(t)
	leader := d.approval(d.locked(d.path("qd.pdf"), "khoa.pdf"))
	leader.Password = documentPassword
	job := d.issuing(d.approve(leader).Output)
	job.Password = documentPassword
	rows := append(d.list(1, 122), signer.IssueRow{Job: job, Entry: register.Document{Summary: "Văn bản đặt mật khẩu"}})
	r, c := d.register(), d.seals()
	err := signer.CheckIssues(ctx, r, c, rows, func(row int, refused error) {
		if refused != nil {
			t.Errorf("row %d: %v", row, refused)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	b, err := signer.NewIssueBatch(ctx, r, c, rows)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if err := b.Run(ctx); err != nil || states(&b.Batch) != "dd" {
		t.Errorf("%v %s, %v", err, states(&b.Batch), b.Rows[1].Err)
	}
}
