import com.itextpdf.text.pdf.AcroFields;
import com.itextpdf.text.pdf.PdfReader;
import com.itextpdf.text.pdf.security.PdfPKCS7;
import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.security.MessageDigest;
import java.security.Security;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.tsp.TimeStampToken;

/**
 * What iText 5 and PDFBox 2 with BouncyCastle say of the signatures of PDF files. Paths come on
 * standard input, one a line; for each the answer is one line "iText PDFBox": yes when there is a
 * signature and every one is good, no when one is not, none without signatures, error.
 */
public class Judges {
    public static void main(String[] args) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String path = in.readLine(); path != null; path = in.readLine()) {
            System.out.println(iText(path) + " " + pdfBox(path));
        }
    }

    static String iText(String path) {
        try {
            PdfReader reader = new PdfReader(path);
            try {
                AcroFields fields = reader.getAcroFields();
                List<String> names = fields.getSignatureNames();
                for (String name : names) {
                    PdfPKCS7 message = fields.verifySignature(name);
                    if (message == null || !message.verify()) {
                        return "no";
                    }
                }
                return names.isEmpty() ? "none" : "yes";
            } finally {
                reader.close();
            }
        } catch (Throwable t) {
            return "error";
        }
    }

    static String pdfBox(String path) {
        try (PDDocument document = PDDocument.load(new File(path))) {
            List<PDSignature> all = document.getSignatureDictionaries();
            for (PDSignature s : all) {
                byte[] contents;
                byte[] content;
                try (InputStream in = new FileInputStream(path)) {
                    contents = s.getContents(in);
                }
                try (InputStream in = new FileInputStream(path)) {
                    content = s.getSignedContent(in);
                }
                if (!good(s, contents, content)) {
                    return "no";
                }
            }
            return all.isEmpty() ? "none" : "yes";
        } catch (Throwable t) {
            return "error";
        }
    }

    static boolean good(PDSignature s, byte[] contents, byte[] content) throws Exception {
        CMSSignedData message;
        if ("ETSI.RFC3161".equals(s.getSubFilter())) {
            message = new CMSSignedData(contents);
            TimeStampToken token = new TimeStampToken(message);
            byte[] imprint = token.getTimeStampInfo().getMessageImprintDigest();
            String hash = token.getTimeStampInfo().getHashAlgorithm().getAlgorithm().getId();
            if (!Arrays.equals(imprint, MessageDigest.getInstance(hash, "BC").digest(content))) {
                return false;
            }
        } else if ("adbe.pkcs7.sha1".equals(s.getSubFilter())) {
            message = new CMSSignedData(contents);
            byte[] sum = MessageDigest.getInstance("SHA-1").digest(content);
            if (!Arrays.equals(sum, (byte[]) message.getSignedContent().getContent())) {
                return false;
            }
        } else {
            message = new CMSSignedData(new CMSProcessableByteArray(content), contents);
        }
        Collection<SignerInformation> signers = message.getSignerInfos().getSigners();
        for (SignerInformation signer : signers) {
            @SuppressWarnings("unchecked")
            Collection<X509CertificateHolder> found = message.getCertificates().getMatches(signer.getSID());
            X509CertificateHolder cert = found.iterator().next();
            if (!signer.verify(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(cert))) {
                return false;
            }
        }
        return !signers.isEmpty();
    }
}
