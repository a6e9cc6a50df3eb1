package signer

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"antin/signer/pdffile"
	"antin/signer/register"
	"antin/signer/scan"
)

// Refusals of Copy. What the norm asks of a scan cannot be set aside.
var (
	ErrCopySigned     = errors.New("signer: a signed electronic document has no sao y")        // NĐ 30/2020, Điều 25: none from electronic to electronic
	ErrCopyElectronic = errors.New("signer: an electronic document has no sao y")              // likewise: text and drawings, no picture of paper
	ErrScanFails      = errors.New("signer: the scan misses the norm")                         // Phụ lục I, phần II; see ScanError
	ErrScanLook       = errors.New("signer: the scan has findings that a person must look at") // see ScanError and CopyJob.Looked
)

// Jobs of Copy that are not complete.
var (
	ErrCopyForm  = errors.New("signer: no such form of copy")
	ErrCopyPages = errors.New("signer: the pages of the extract are not given rightly")     // trích sao needs pages, the other forms have none
	ErrNoAgency  = errors.New("signer: no name of the agency that makes the copy")          // Phụ lục I, phần II: it stands in the block
	ErrNoRecord  = errors.New("signer: no code of the record or no number of its document") // Thông tư 05/2025/TT-BNV: the file's name
)

// ScanError is ErrScanFails or ErrScanLook with the findings that it is about.
type ScanError struct {
	Refusal  error
	Findings []scan.Finding
}

func (e *ScanError) Error() string {
	return fmt.Sprintf("%v: %d findings, the first is %s on page %d", e.Refusal, len(e.Findings), e.Findings[0].Kind, e.Findings[0].Page)
}

// Unwrap is ErrScanFails or ErrScanLook.
func (e *ScanError) Unwrap() error { return e.Refusal }

// CopyForms are the forms of copies with their words in the block (NĐ 30/2020,
// Phụ lục I, phần II).
var CopyForms = map[scan.Form]string{scan.SaoY: "SAO Y", scan.SaoLuc: "SAO LỤC", scan.TrichSao: "TRÍCH SAO"}

// CopyJob is the clerk's or archivist's certified electronic copy of a scanned
// paper.
type CopyJob struct {
	Common    `json:"-"`  // Source: a PDF or a picture; with Sheets the file that the output is named after
	Sheets    *scan.Plan  `json:"-"` // pages put together from several files; nil = those of Source
	Form      scan.Form   // "" where the profile's block does not name it
	Agency    string      // that makes the copy, as the block names it
	Pages     []int       // of the source, from 1, in the wanted order: only for trích sao
	ByOrderOf string      // theo chỉ đạo của: kept for the register, shown nowhere
	Drawings  bool        // maps and drawings, for which a profile may ask more of the scan
	Looked    []scan.Kind // kinds of findings that a person has looked at and lets pass

	// Record is the code of the file of records (mã hồ sơ) and Ordinal the number
	// of the document in it, from 1, where the profile makes the output's name of
	// them.
	Record  string
	Ordinal int

	WithoutText bool // go on where the profile wants a layer of text and none can be made

	// Plan is what PlanCopy has told of this very job: the scan is not judged again.
	// A scan that has changed since is refused with ErrSourceChanged.
	Plan *CopyPlan `json:"-"`

	unchanged []register.File                  // the sources, when they have just been compared with what was planned
	naming    func(output register.File) error // called before the verified output gets its name
}

// sources are the files that the pages come from, in their order.
func (job *CopyJob) sources() (paths []string) {
	if job.Sheets != nil {
		for _, s := range job.Sheets.Sheets() {
			if !slices.Contains(paths, s.File.Path) {
				paths = append(paths, s.File.Path)
			}
		}
	}
	if len(paths) == 0 {
		return []string{job.Source}
	}
	return paths
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
	case (job.Form == scan.TrichSao) != (len(job.Pages) > 0):
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

// title stands in the properties of a document that is made anew.
func (job *CopyJob) title() string {
	name, _ := job.named()
	return strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
}

// CopyPlan is what a copy will be, for a look at it before anybody types a PIN.
type CopyPlan struct {
	Form      scan.Form
	Agency    string
	ByOrderOf string
	Pages     []int        // of the source, in the copy's order
	Block     *CornerBlock // on page 1 of the copy

	Gate     *scan.Report   // on the whole source
	Findings []scan.Finding // what of it counts for this copy: its pages, and nothing that Copy itself brings in order

	Sources []register.File // the scan, or the files that its pages come from in their order

	dark []pdffile.Box // on the upper half of page 1 of the copy
}

// serves tells whether what was found out for the plan holds for a job too.
func (p *CopyPlan) serves(job *CopyJob, pages []int) bool {
	return p != nil && p.Gate.Profile == job.profile().Name && p.Form == job.Form && slices.Equal(p.Pages, pages)
}

// refusal is why the copy may not be made, nil when it may.
func (p *CopyPlan) refusal(looked []scan.Kind) error {
	for _, step := range []struct {
		verdict scan.Verdict
		refusal error
	}{{scan.Fail, ErrScanFails}, {scan.Look, ErrScanLook}} {
		var found []scan.Finding
		for _, f := range p.Findings {
			if f.Kind == scan.Electronic && f.Verdict == scan.Fail {
				return fmt.Errorf("page %d: %w", f.Page, ErrCopyElectronic)
			}
			if f.Verdict == step.verdict && !(f.Verdict == scan.Look && slices.Contains(looked, f.Kind)) {
				found = append(found, f)
			}
		}
		if len(found) > 0 {
			return &ScanError{step.refusal, found}
		}
	}
	return nil
}
