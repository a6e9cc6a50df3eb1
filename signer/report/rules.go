package report

import (
	"slices"

	"antin/signer/verify"
)

// rule says what a finding means: for the answer to its question, and for the
// document.
type rule struct {
	question Question
	state    State
	result   Result
}

// rules is the whole policy. A finding that is not listed here is Unknown and
// makes the document Undecided; so does a question without a finding. Only
// findings with result Valid, one at least for every question, make a valid
// document.
var rules = map[string]rule{
	"integrity.intact":    {Integrity, Pass, Valid},
	"integrity.changed":   {Integrity, Fail, Invalid},
	"integrity.hash":      {Integrity, Fail, Invalid},
	"integrity.crypto":    {Integrity, Fail, Invalid},
	"integrity.format":    {Integrity, Fail, Invalid},
	"integrity.failed":    {Integrity, Fail, Invalid},
	"integrity.unchecked": {Integrity, Unknown, Undecided},
	"integrity.weak":      {Integrity, Look, Attention},
	"integrity.rules":     {Integrity, Look, Attention},
	"integrity.orphans":   {Integrity, Look, Attention},
	"integrity.unsigned":  {Integrity, None, Attention},
	"integrity.damaged":   {Integrity, Fail, Invalid}, // cannot be told from one that was tampered with
	"integrity.foreign":   {Integrity, Unknown, Undecided},
	"integrity.password":  {Integrity, Unknown, Undecided},
	"integrity.unread":    {Integrity, Unknown, Undecided},

	"who.trusted":   {Who, Pass, Valid},
	"who.untrusted": {Who, Unknown, Undecided},
	"who.unfit":     {Who, Fail, Invalid}, // NĐ 68/2024/NĐ-CP, Điều 31: the certificate's scope
	"who.weak":      {Who, Look, Attention},
	"who.unproven":  {Who, None, Undecided},
	"who.missing":   {Who, Unknown, Undecided},
	"who.open":      {Who, Unknown, Undecided},

	"period.proven":  {Period, Pass, Valid},
	"period.current": {Period, Pass, Valid},
	"period.claim":   {Period, Look, Attention},
	"period.outside": {Period, Fail, Invalid}, // by the signer's own word
	"period.early":   {Period, Fail, Invalid},
	"period.late":    {Period, Fail, Invalid},
	"period.expired": {Period, Unknown, Undecided},
	"period.ca":      {Period, Unknown, Undecided},
	"period.broken":  {Period, None, Undecided},

	"revocation.good":        {Revocation, Pass, Valid},
	"revocation.good-bare":   {Revocation, Pass, Valid},
	"revocation.later":       {Revocation, Note, Valid},
	"revocation.revoked":     {Revocation, Fail, Invalid},
	"revocation.compromised": {Revocation, Fail, Invalid}, // whoever has the key can write any time
	"revocation.unproven":    {Revocation, Unknown, Undecided},
	"revocation.absent":      {Revocation, Unknown, Undecided},
	"revocation.outdated":    {Revocation, Unknown, Undecided},
	"revocation.unusable":    {Revocation, Unknown, Undecided},
	"revocation.unlisted":    {Revocation, Unknown, Undecided},
	"revocation.weak":        {Revocation, Look, Attention},
	"revocation.unchecked":   {Revocation, Unknown, Undecided},
	"revocation.broken":      {Revocation, None, Undecided},

	"stamp.proven":    {Stamp, Pass, Valid},
	"stamp.added":     {Stamp, Pass, Valid}, // by a document time-stamp: EN 319 142-1, 5.4.3
	"stamp.none":      {Stamp, Note, Valid}, // NĐ 68/2024/NĐ-CP, Điều 29: where required; shown, never dropped
	"stamp.none-bare": {Stamp, Look, Attention},
	"stamp.problem":   {Stamp, Look, Attention},
	"stamp.conflict":  {Stamp, Look, Attention},
	"stamp.failed":    {Stamp, Fail, Invalid},
	"stamp.open":      {Stamp, Unknown, Undecided},
	"stamp.broken":    {Stamp, None, Undecided},

	"both.known":        {Both, Pass, Valid},
	"both.guessed":      {Both, Look, Attention},
	"both.person":       {Both, Look, Attention},
	"both.organisation": {Both, Look, Attention},
	"both.unsure":       {Both, Look, Attention},
	"both.order":        {Both, Look, Attention},
	"both.unproven":     {Both, Unknown, Undecided},
	"both.unsigned":     {Both, Fail, Attention}, // it may be an attachment or a reading copy

	"changes.none":      {Changes, Pass, Valid},
	"changes.permitted": {Changes, Pass, Valid},
	"changes.after":     {Changes, Note, Valid},
	"changes.filled":    {Changes, Look, Attention},
	"changes.forbidden": {Changes, Fail, Invalid},
	"changes.bytes":     {Changes, Fail, Invalid},
	"changes.broken":    {Changes, None, Undecided},
	"changes.unsigned":  {Changes, None, Attention},

	"pictures.match":            {Images, Pass, Valid},
	"pictures.absent":           {Images, Note, Valid},
	"pictures.unsigned-seal":    {Images, Fail, Attention},
	"pictures.unsigned-strokes": {Images, Fail, Attention},
	"pictures.unsigned":         {Images, None, Attention},
	"pictures.loose-seal":       {Images, Look, Attention},
	"pictures.loose-strokes":    {Images, Note, Valid}, // a logo may look so
	"pictures.person-seal":      {Images, Look, Attention},
	"pictures.bad-seal":         {Images, Look, Attention},
	"pictures.empty-field":      {Images, Look, Attention},
	"pictures.partly":           {Images, Note, Valid},
	"pictures.unchecked":        {Images, Unknown, Undecided},
}

// ruleOf fails closed.
func ruleOf(code string, q Question) rule {
	if r, ok := rules[code]; ok {
		return r
	}
	return rule{q, Unknown, Undecided}
}

var (
	stateOrder  = []State{Pass, Note, None, Look, Unknown, Fail}
	resultOrder = []Result{Valid, Attention, Undecided, Invalid}
)

func worse(a, b Result) Result {
	if slices.Index(resultOrder, b) > slices.Index(resultOrder, a) {
		return b
	}
	return a
}

// Worst is the result that counts for several documents.
func Worst(results ...Result) Result {
	w := Valid
	for _, r := range results {
		w = worse(w, r)
	}
	return w
}

// floors: whatever the findings say, a document is not better than the
// verifier's own verdict.
var floors = map[verify.Verdict]Result{
	verify.Valid:     Valid,
	verify.Undecided: Attention,
	verify.Unsigned:  Attention,
	verify.Invalid:   Invalid,
}

func floor(v verify.Verdict) Result {
	if r, ok := floors[v]; ok {
		return r
	}
	return Undecided
}
