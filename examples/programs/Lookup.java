// java -cp /usr/share/java/postgresql.jar Lookup.java 2 008CD489-05DA-A765-5315-FE380D46A313 1      (pgJDBC)
import java.sql.DriverManager;
import java.sql.SQLException;
import org.postgresql.util.PSQLException;

class Lookup {
    public static void main(String[] arguments) throws SQLException {
        long client = Long.parseLong(arguments[0]);
        String itemId = arguments[1];
        long toClient = Long.parseLong(arguments[2]);

        try (var connection = DriverManager.getConnection("jdbc:" + System.getenv("PYMAP_DSN"))) {
            var find = connection.prepareStatement("select pymap.get_media_item_by_client_id(?, ?)");
            find.setLong(1, client);
            find.setString(2, itemId);
            var found = find.executeQuery();
            found.next();
            long mediaItem = found.getLong(1);
            if (found.wasNull()) { // getLong makes 0 of NULL
                System.err.println("not mapped");
                System.exit(1);
            }
            System.out.println("media item " + mediaItem);

            var translate = connection.prepareStatement("select to_item_id from pymap.translate_client_item_ids(?, ?, ?)");
            translate.setLong(1, client);
            translate.setArray(2, connection.createArrayOf("text", new String[] {itemId}));
            translate.setLong(3, toClient);
            var rows = translate.executeQuery();
            while (rows.next()) {
                System.out.println("client " + toClient + ": " + rows.getString(1));
            }
        } catch (PSQLException error) {
            if (!"PM002".equals(error.getSQLState())) {
                throw error;
            }
            var message = error.getServerErrorMessage();
            System.err.println(message.getMessage() + ": " + message.getDetail());
            System.exit(1);
        }
    }
}
