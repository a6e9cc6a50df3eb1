package signer

// TraceOutputs has f called before and after an output gets its name.
func TraceOutputs(f func(at string)) { traced = f }
