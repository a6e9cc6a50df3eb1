package signer_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/digitorus/pdfsign/sign"

	"antin/signer"
	"antin/signer/pdffile/shapes"
	"antin/signer/practice"
	"antin/signer/trust"
)

// BenchmarkSign measures whole processes that sign files of 1, 20 and 200 MB,
// this program beside digitorus/pdfsign and beside `cp` + `sha256sum` of the
// same file, which is the least that copying and hashing can cost. All runs of
// one line are made in turn, so the ratios hold on any machine:
//
//	s/sign        seconds of one signature by this program, verified and synced
//	x-cp+sha256   how many times the time of cp and sha256sum
//	x-pdfsign     how many times the time of pdfsign (below 1 is faster)
//	MB            peak memory of this program
//	MB-pdfsign    and of pdfsign
func BenchmarkSign(b *testing.B) {
	d := newDesk(b)
	if err := d.seal.WriteFiles(d.dir, "key"); err != nil {
		b.Fatal(err)
	}
	for _, mb := range []int64{1, 20, 200} {
		b.Run(fmt.Sprintf("%dMB", mb), func(b *testing.B) {
			source := d.path("big.pdf")
			big, err := os.Create(source)
			if err != nil {
				b.Fatal(err)
			}
			if err := errors.Join(shapes.Big(big, mb<<20), big.Sync(), big.Close()); err != nil {
				b.Fatal(err)
			}
			var ours, theirs, least cost
			for b.Loop() {
				least.add(b, exec.Command("sh", "-c", "cp big.pdf copy.tmp && sha256sum copy.tmp"), d.dir, "copy.tmp")
				ours.add(b, child("antin"), d.dir, "big.daky.pdf")
				theirs.add(b, child("pdfsign"), d.dir, "big.pdfsign.pdf")
			}
			n := float64(b.N)
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(ours.seconds/n, "s/sign")
			b.ReportMetric(ours.seconds/least.seconds, "x-cp+sha256")
			b.ReportMetric(ours.seconds/theirs.seconds, "x-pdfsign")
			b.ReportMetric(ours.memory, "MB")
			b.ReportMetric(theirs.memory, "MB-pdfsign")
		})
	}
}

// cost of some runs: seconds in all, and the highest peak memory in MB that the
// processes tell of themselves. What the system tells of a process that ended
// counts this one too, which it was until it became another program.
type cost struct{ seconds, memory float64 }

func (c *cost) add(b *testing.B, cmd *exec.Cmd, dir, made string) {
	b.Helper()
	cmd.Dir = dir
	start := time.Now()
	out, err := cmd.CombinedOutput()
	if err != nil {
		b.Fatalf("%v: %v: %s", cmd, err, out)
	}
	c.seconds += time.Since(start).Seconds()
	if _, told, ok := bytes.Cut(out, []byte("VmHWM:")); ok {
		var kb float64
		if _, err := fmt.Sscan(string(told), &kb); err != nil {
			b.Fatal(err)
		}
		c.memory = max(c.memory, kb/1024)
	}
	if err := os.Remove(filepath.Join(dir, made)); err != nil {
		b.Fatal(err)
	}
}

// child is this test binary as one of the programs that are measured.
func child(engine string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "ANTIN_BENCH_ENGINE="+engine)
	return cmd
}

// benchmarkedProcess signs or copies big.pdf of the working folder with the key beside it.
func benchmarkedProcess(engine string) int {
	id, chain, err := readIdentity("key.pem", "key.key.pem")
	if err == nil && engine == "pdfsign" {
		err = sign.SignFile("big.pdf", "big.pdfsign.pdf", sign.SignData{
			Signature:         sign.SignDataSignature{CertType: sign.ApprovalSignature, Info: sign.SignDataSignatureInfo{Name: "A", Date: time.Now()}},
			Signer:            id.Signer,
			DigestAlgorithm:   crypto.SHA256,
			Certificate:       id.Cert,
			CertificateChains: [][]*x509.Certificate{chain},
		})
	} else if err == nil && engine == "copy" {
		err = copyBig(id)
	} else if err == nil {
		_, err = signer.Approve(context.Background(), signer.ApproveJob{
			Common: signer.Common{Source: "big.pdf", Key: id, Trust: &trust.Store{}}, Picture: "ky.png",
		}, nil)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	status, _ := os.ReadFile("/proc/self/status") // of Linux: the peak of this process's memory
	os.Stdout.Write(status)
	return 0
}

func readIdentity(certFile, keyFile string) (*practice.Identity, []*x509.Certificate, error) {
	var blocks []*pem.Block
	for _, name := range []string{certFile, keyFile} {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, nil, err
		}
		block, _ := pem.Decode(data)
		if block == nil {
			return nil, nil, fmt.Errorf("%s: no PEM", name)
		}
		blocks = append(blocks, block)
	}
	cert, err := x509.ParseCertificate(blocks[0].Bytes)
	if err != nil {
		return nil, nil, err
	}
	key, err := x509.ParsePKCS8PrivateKey(blocks[1].Bytes)
	if err != nil {
		return nil, nil, err
	}
	s, ok := key.(crypto.Signer)
	if !ok {
		return nil, nil, fmt.Errorf("%s: %T cannot sign", keyFile, key)
	}
	return &practice.Identity{Cert: cert, Signer: s}, []*x509.Certificate{cert}, nil
}
