internal import NIOCore

extension JSON {
    /// Reads JSON text that our own side wrote, PostgreSQL say.
    ///
    /// - Throws: `Problem` 500 when it is none: then our own side is wrong.
    public init(stored text: String) throws(Problem) {
        do {
            self = try JSONParser.parse(ByteBuffer(string: text))
        } catch {
            throw Problem(.unexpected)
        }
    }
}
