public import Hummingbird
public import Web

extension Site {
    /// A problem as a page: a sentence, what to do, and the number under which the log has the rest.
    ///
    /// For the error boundary; nil if even this page cannot be printed, so that the plain document is sent.
    public func problemPage(_ problem: Problem, _ request: Request, _ context: WebContext) -> Answer? {
        let words = words(context.language)
        let status = problem.code.status
        // The page's own words are for what is common; a rarer code of the same status has its own.
        let common: [Int: ProblemCode] = [404: .notFound, 500: .unexpected, 503: .unavailable]
        let kind = status == 400 || common[status] == problem.code ? String(status) : "other"
        let isOther = kind == "other"
        let view: View = [
            "status": .text(String(status)),
            "title": .text(isOther ? problem.code.title[context.language] : words("problem.\(kind).title")),
            "detail": .text(
                isOther || problem.detail != problem.code.detail
                    ? problem.detail[context.language] : words("problem.\(kind).detail")
            ),
            "advice": .text(words("problem.\(kind).advice")),
            "hasErrors": .flag(!problem.errors.isEmpty),
            "errors": .list(
                problem.errors.map { error in
                    let place =
                        switch error.place {
                        case .field(let name): name
                        case .pointer(let pointer): pointer
                        }
                    return ["field": .text(place), "message": .text(error.message[context.language])]
                }
            ),
            "reference": .text(context.requestID.description),
        ]
        let head = Head(
            language: context.language,
            title: words("problem.\(kind).title"),
            description: words("problem.description"),
            path: nil,
            isUnlisted: true,
            status: status
        )
        // A page that cannot be printed leaves the plain document, which always can.
        return try? answer("site/problem", view, head)
    }
}
