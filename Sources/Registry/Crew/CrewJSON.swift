internal import Foundation

/// Reading of the JSON that the database writes for crew.
enum CrewJSON {
    /// - Throws: `DecodingError`.
    static func decode<Value: Decodable>(_ type: Value.Type, from body: [UInt8]) throws -> Value {
        try JSONDecoder().decode(type, from: Data(body))
    }
}
