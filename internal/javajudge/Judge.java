import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/** Judge prints, for each path on its input, whether the document is valid by the schema of its argument. */
class Judge {
    public static void main(String[] args) throws Exception {
        SchemaFactory factory;
        try {
            factory = (SchemaFactory) Class.forName("org.apache.xerces.jaxp.validation.XMLSchemaFactory").getConstructor().newInstance();
        } catch (ClassNotFoundException e) {
            factory = SchemaFactory.newDefaultInstance();
        }
        Schema schema = factory.newSchema(new File(args[0]));
        BufferedReader paths = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
        for (String path; (path = paths.readLine()) != null; ) {
            String verdict = "valid";
            Validator validator = schema.newValidator();
            String[] first = new String[1];
            validator.setErrorHandler(new ErrorHandler() {
                public void warning(SAXParseException e) { }
                public void error(SAXParseException e) { if (first[0] == null) first[0] = e.getMessage(); }
                public void fatalError(SAXParseException e) throws SAXException { throw e; }
            });
            try {
                validator.validate(new StreamSource(new File(path)));
                if (first[0] != null) verdict = "invalid " + first[0];
            } catch (SAXException | java.io.IOException e) {
                verdict = "invalid " + e.getMessage();
            }
            System.out.println(verdict.replace('\n', ' '));
        }
    }
}
