package words

import (
	"encoding/hex"

	"antin/signer"
)

// rowStates name the states of a row.
var rowStates = map[signer.RowState]string{
	signer.RowWaiting: "batch.state-waiting", signer.RowWorking: "batch.state-working", signer.RowDone: "batch.state-done",
	signer.RowFailed: "batch.state-failed", signer.RowSkipped: "batch.state-skipped",
}

// RowState is a row's state in words.
func (l Language) RowState(s signer.RowState) string { return l.Text(rowStates[s]) }

// IssueResults is what came of a batch as a table, its titles first.
func (l Language) IssueResults(b *signer.IssueBatch) [][]string {
	var titles []string
	for _, name := range []string{
		"batch.column-file", "batch.column-number", "batch.column-date", "batch.column-state", "batch.column-output",
		"batch.column-sha256", "batch.column-level", "batch.column-problem",
	} {
		titles = append(titles, l.Text(name))
	}
	rows := [][]string{titles}
	for i, r := range b.Rows {
		plan := b.Plan(i)
		cells := []string{r.Source, plan.Job.Number, l.Date(plan.Job.Date), l.RowState(r.State), "", "", "", ""}
		if r.Result != nil {
			cells[4], cells[5], cells[6] = r.Result.Output, hex.EncodeToString(r.Result.SHA256[:]), r.Result.Level
		}
		if r.Err != nil {
			p := l.Explain(r.Err)
			cells[7] = p.Code + " " + p.What
		}
		rows = append(rows, cells)
	}
	return rows
}
