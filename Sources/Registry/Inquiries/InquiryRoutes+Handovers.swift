internal import FoundationEssentials
internal import HTTPTypes
internal import Postgres
internal import Web

/// The operations by which a case goes from one region to another.
extension InquiryRoutes {
    private static let handover = Parameter.path(
        "handover",
        "The offer.",
        pattern: .uuid,
        length: 36...36,
        example: "0198c0de-7000-7abc-8def-000000000003"
    )

    var offer: Operation {
        Operation(
            id: "offerInquiry",
            .post,
            "/api/v1/inquiries/{number}/handovers",
            tag: "Inquiries",
            summary: "Offer a case to another region",
            description: "That office sees the case from now on, and leads it as soon as it accepts.",
            security: .required,
            parameters: [Self.number, Writes.idempotencyKey],
            body: .init(InquirySchemas.offerBody, example: InquiryExamples.offerBody),
            response: .json(
                "The offer.",
                InquirySchemas.handover,
                example: InquiryExamples.handover,
                status: 201
            ),
            problems: [.notFound, .keyReused, .offerPending]
        ) { input, context in
            try await check(input.body, InquirySchemas.offerBody)
            return try await create(input, context, "offerInquiry") { transaction in
                try await letters().offer(
                    input[Self.number],
                    to: input.body["region"]?.string ?? "",
                    message: input.body["message"]?.string,
                    transaction
                )
            }
        }
    }

    var settle: Operation {
        Operation(
            id: "settleInquiryHandover",
            .patch,
            "/api/v1/inquiries/{number}/handovers/{handover}",
            tag: "Inquiries",
            summary: "Accept, decline or take back an offer",
            description:
                "The office that is offered a case accepts or declines; the one that offers takes back.",
            security: .required,
            parameters: [Self.number, Self.handover],
            body: .init(InquirySchemas.settleBody, example: InquiryExamples.settleBody),
            response: .json("The case as it is now.", InquirySchemas.record, example: InquiryExamples.record),
            problems: [.notFound, .offerGone, .stepRefused]
        ) { input, context in
            try office(context.reader)
            guard let handover = UUID(uuidString: input[Self.handover]),
                let state = input.body["state"]?.string.flatMap({ InquiryWrites.Answer(rawValue: $0) }),
                let before = try await queries.find(input[Self.number], as: context.reader),
                before.record["handovers"]?.array?.contains(where: {
                    $0["id"]?.string?.lowercased() == input[Self.handover].lowercased()
                }) == true
            else { throw Problem(.notFound) }
            let now = try await InquiryErrors.translated {
                try await Writes.transaction(databases, as: context.reader) { transaction in
                    let reason = input.body["reason"]?.string
                    let isSettled = try await letters().settle(
                        input[Self.number],
                        handover,
                        state,
                        reason: reason,
                        transaction
                    )
                    guard isSettled else { throw Problem(.offerGone) }
                    return try await InquiryQueries.find(input[Self.number], transaction)
                }
            }
            // Declining takes the case out of sight: what was seen before is the answer.
            return .json(now?.record ?? before.record, version: now?.version ?? before.version)
        }
    }
}
