internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

extension Operation {
    /// Checks the request against the declaration and runs the handler.
    ///
    /// - Parameter codes: the codes of the vocabularies, asked for only when something else is wrong already, so that
    ///   the reader learns of everything at once; the handler judges them otherwise.
    func answer(
        _ request: Request,
        _ context: WebContext,
        codes: RouteTable.Codes? = nil
    ) async throws -> Answer {
        if security == .required, context.identity == nil { throw Problem(.unauthorized) }
        // No field accepts everything.
        if let field = request.headers[.accept], Accept(field).preferred(of: response.contentTypes) == nil {
            let list = response.contentTypes.joined(separator: ", ")
            throw Problem(
                .notAcceptable,
                detail: Localized(
                    sv: "Svaret finns bara som \(list).",
                    en: "The answer is only available as \(list)."
                )
            )
        }
        let query = request.uri.query ?? ""
        var errors: [FieldError] = []
        let values = read(query, of: request, context, into: &errors)
        var (json, bytes) = (JSON.null, ByteBuffer())
        if let body {
            (json, bytes) = try await body.read(request)
            errors += body.schema.errors(in: json)
        }
        guard errors.isEmpty else {
            // Without the vocabularies the other errors are still worth telling.
            if let known = try? await codes?() { errors += unknownCodes(in: values, json, among: known) }
            throw Problem.invalid(errors)
        }
        let input = Input(
            values: values,
            declared: parameterNames,
            body: json,
            bodyBytes: bytes,
            headers: request.headers,
            query: query,
            path: context.path
        )
        return try await handler(input, context)
    }

    private func unknownCodes(
        in values: [String: any Sendable],
        _ json: JSON,
        among known: [String: [String]]
    ) -> [FieldError] {
        let fields = parameters.map(\.declaration).flatMap { declaration in
            (values[declaration.name] as? [String]).map {
                declaration.schema.unknownCodes(in: $0, among: known, of: declaration.name)
            } ?? []
        }
        return fields + (body?.schema.unknownCodes(in: json, among: known) ?? [])
    }

    private func read(
        _ query: String,
        of request: Request,
        _ context: WebContext,
        into errors: inout [FieldError]
    ) -> [String: any Sendable] {
        var given: [String: Query.Pair] = [:]
        var complained: Set<String> = []
        if !query.isEmpty {
            for pair in Query(query[...]).pairs {
                if !queryNames.contains(pair.name) {
                    let name = String(pair.name.prefix(100))
                    if complained.insert(name).inserted {
                        errors.append(Fault.unknownParameter.error(at: .field(name)))
                    }
                } else if given.updateValue(pair, forKey: pair.name) != nil,
                    complained.insert(pair.name).inserted
                {
                    errors.append(Fault.repeated.error(at: .field(pair.name)))
                }
            }
        }
        var values: [String: any Sendable] = [:]
        for parameter in parameters {
            let name = parameter.name
            do throws(Fault) {
                values[name] = try parameter.read(
                    try text(of: name, in: parameter.place, given[name], request, context)
                )
            } catch {
                if !complained.contains(name) { errors.append(error.error(at: .field(name))) }
            }
        }
        return values
    }

    private func text(
        of name: String,
        in place: ParameterDeclaration.Place,
        _ pair: Query.Pair?,
        _ request: Request,
        _ context: WebContext
    ) throws(Fault) -> String? {
        switch place {
        case .query:
            guard let pair else { return nil }
            guard let value = pair.value else { throw .encoding }
            return value
        case .path:
            guard let raw = context.parameters.get(name) else { return nil }
            guard let value = Query.decode(raw[...], plusIsSpace: false) else { throw .encoding }
            return value
        case .header: return HTTPField.Name(name).flatMap { request.headers[$0] }
        }
    }
}

extension Operation.Body {
    /// The body as JSON and as bytes: 415 unless it is called JSON, 413 when too long, 400 when it is none.
    func read(_ request: Request) async throws -> (JSON, ByteBuffer) {
        let type = request.headers[.contentType]?.split(separator: ";").first?.trimmingSpaces().lowercased()
        guard type == "application/json" else {
            throw Problem(.unsupportedMediaType, headers: [.accept: "application/json"])
        }
        if let coding = request.headers[.contentEncoding], coding.lowercased() != "identity" {
            throw Problem(.unsupportedMediaType, headers: [.acceptEncoding: "identity"])
        }
        let tooLarge = Problem(
            .contentTooLarge,
            detail: Localized(
                sv: "Innehållet får vara högst \(limit) byte.",
                en: "The body may have at most \(limit) bytes."
            )
        )
        if let length = request.headers[.contentLength].flatMap(Int.init), length > limit { throw tooLarge }
        let bytes: ByteBuffer
        do {
            bytes = try await request.body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw tooLarge
        }
        do {
            return (try JSONParser.parse(bytes), bytes)
        } catch {
            throw Problem(
                .malformedBody,
                errors: [.pointer("", error.code, error.message)],
                extras: .init([("offset", .integer(Int64(error.offset)))])
            )
        }
    }
}
