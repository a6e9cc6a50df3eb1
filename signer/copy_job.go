package signer

import (
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"antin/assets"
)

// Refusals of Copy.
var (
	ErrCopySigned = errors.New("signer: a signed electronic document has no sao y") // NĐ 30/2020, Điều 25: none from electronic to electronic
	ErrCopyForm   = errors.New("signer: no such form of copy")
	ErrCopyPages  = errors.New("signer: the pages of the extract are not given rightly")     // trích sao needs pages, the other forms have none
	ErrNoAgency   = errors.New("signer: no name of the agency that makes the copy")          // Phụ lục I, phần II: it stands in the block
	ErrNoRecord   = errors.New("signer: no code of the record or no number of its document") // Thông tư 05/2025/TT-BNV: the file's name
)

// CopyForm is a form of copy (NĐ 30/2020, Điều 25).
type CopyForm string

// The forms of copies.
const (
	SaoY     CopyForm = "sao-y"     // of a whole document
	SaoLuc   CopyForm = "sao-luc"   // of a whole bản sao y
	TrichSao CopyForm = "trich-sao" // of a part: chosen pages
)

// CopyForms lists the forms with their words in the block (Phụ lục I, phần II).
var CopyForms = map[CopyForm]string{SaoY: "SAO Y", SaoLuc: "SAO LỤC", TrichSao: "TRÍCH SAO"}

// CopyJob is the clerk's or archivist's certified electronic copy of a scanned
// paper.
type CopyJob struct {
	Common
	Form      CopyForm        // "" where the profile's block does not name it
	Agency    string          // that makes the copy, as the block names it
	Pages     []int           // of the source, from 1, in the wanted order: only for TrichSao
	ByOrderOf string          // theo chỉ đạo của: kept for the register, shown nowhere
	Profile   *assets.Profile // nil = nd30-2020

	// Record is the code of the file of records (mã hồ sơ) and Ordinal the number
	// of the document in it, from 1, where the profile makes the output's name of
	// them.
	Record  string
	Ordinal int
}

func (job *CopyJob) profile() *assets.Profile {
	if job.Profile == nil {
		return assets.ProfileNamed(assets.ProfileND30)
	}
	return job.Profile
}

// NamesForm tells whether the form of the copy stands in its block.
func (job *CopyJob) NamesForm() bool {
	return slices.Contains(blockLines(job.profile().Copy), lineForm)
}

// NamesByRecord tells whether the output is named by Record and Ordinal.
func (job *CopyJob) NamesByRecord() bool { return job.profile().FileName.Value != nil }

// check finds what is missing or does not go together.
func (job *CopyJob) check() error {
	switch {
	case strings.TrimSpace(job.Agency) == "":
		return ErrNoAgency
	case CopyForms[job.Form] == "" && (job.Form != "" || job.NamesForm()):
		return ErrCopyForm
	case (job.Form == TrichSao) != (len(job.Pages) > 0):
		return ErrCopyPages
	case job.NamesByRecord() && (job.Record == "" || strings.ContainsAny(job.Record, `/\`) || strings.HasPrefix(job.Record, ".") || job.Ordinal < 1):
		return ErrNoRecord
	}
	return nil
}

// named is the path whose name the output takes, and what goes behind it.
func (job *CopyJob) named() (path, suffix string) {
	if pattern := job.profile().FileName.Value; pattern != nil {
		name := strings.NewReplacer("<mã hồ sơ>", job.Record, "<số thứ tự>", strconv.Itoa(job.Ordinal)).Replace(*pattern)
		return filepath.Join(filepath.Dir(job.Source), name+".pdf"), ""
	}
	return job.Source, "." + strings.ReplaceAll(string(job.Form), "-", "")
}

// CopyPlan is what a copy will be, for a look at it before anybody types a PIN.
type CopyPlan struct {
	Form      CopyForm
	Agency    string
	ByOrderOf string
	Pages     []int        // of the source, in the copy's order
	Block     *CornerBlock // on page 1 of the copy
}
