// Checks PDF files with veraPDF's library, one line a file and flavour, each broken rule once.
//   java -cp ... CheckPdf.java 3a,ua1 a.pdf b.pdf      exit code 0 only if every file keeps them all

import java.io.File;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.logging.LogManager;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.RuleId;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;

public class CheckPdf {
    private static final String PROFILES = "/org/verapdf/pdfa/validation/";
    private static final int MOST_FAILURES = 2000;

    public static void main(String[] args) throws Exception {
        if (args.length < 2) {
            System.err.println("usage: CheckPdf FLAVOUR[,FLAVOUR] FILE...");
            System.exit(2);
        }
        LogManager.getLogManager().reset();
        VeraGreenfieldFoundryProvider.initialise();
        boolean kept = true;
        for (int i = 1; i < args.length; i++) {
            for (String flavour : args[0].split(",")) {
                kept &= check(flavour, new File(args[i]));
            }
        }
        System.exit(kept ? 0 : 1);
    }

    private static boolean check(String flavour, File file) throws Exception {
        ValidationProfile profile = profileOf(flavour);
        try (PDFAParser parser = Foundries.defaultInstance()
                        .createParser(file, PDFAFlavour.fromString(flavour));
                PDFAValidator validator = Foundries.defaultInstance()
                        .createValidator(profile, MOST_FAILURES, false, false, false)) {
            ValidationResult result = validator.validate(parser);
            System.out.printf("%s %s %s (%d checks, %d rules broken)%n",
                    result.isCompliant() ? "kept  " : "BROKEN", flavour, file.getName(),
                    result.getTotalAssertions(), result.getFailedChecks().size());
            explain(result);
            return result.isCompliant();
        }
    }

    private static ValidationProfile profileOf(String flavour) throws Exception {
        String name = flavour.startsWith("ua")
                ? "PDFUA-" + flavour.substring(2)
                : "PDFA-" + flavour.toUpperCase(Locale.ROOT);
        try (InputStream source = PDFAParser.class.getResourceAsStream(PROFILES + name + ".xml")) {
            if (source == null) {
                throw new IllegalArgumentException("veraPDF has no profile for " + flavour);
            }
            return Profiles.profileFromXml(source);
        }
    }

    private static void explain(ValidationResult result) {
        Set<RuleId> told = new HashSet<>();
        for (TestAssertion assertion : result.getTestAssertions()) {
            RuleId rule = assertion.getRuleId();
            if (assertion.getStatus() == TestAssertion.Status.FAILED && told.add(rule)) {
                System.out.printf("   %s-%d, %d times: %s%n      at %s%n",
                        rule.getClause(), rule.getTestNumber(), result.getFailedChecks().get(rule),
                        assertion.getMessage().replaceAll("\\s+", " "),
                        assertion.getLocation().getContext());
            }
        }
    }
}
