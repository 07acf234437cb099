#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Every limit on what comes from outside, in one place: unit in the name, source in the comment.
namespace seaworthy::limits {

// Requests. Source: object and oldObject of 3 MiB each, JSON of what may have been protobuf
// (webhook contract, 1.1).
inline constexpr std::size_t kBodyBytesMax = std::size_t{16} * 1024 * 1024;
inline constexpr std::size_t kHeaderBytesMax = std::size_t{16} * 1024;
/// The API server's own JSON decoder stops at 10,000; no Kubernetes object comes near 200.
inline constexpr std::uint32_t kDocumentDepthMax = 200;
inline constexpr std::size_t kDocumentNodesMax = 4'000'000;

// Files.
inline constexpr std::size_t kFileBytesMax = std::size_t{32} * 1024 * 1024;
/// Nodes that the aliases of one YAML document may add: an alias bomb ends here.
inline constexpr std::size_t kYamlAliasNodesMax = 100'000;
/// Mistakes that are told of one file; the rest would not be read.
inline constexpr std::size_t kDiagnosticsPerFileMax = 100;
inline constexpr std::size_t kFilesMax = 100'000;
inline constexpr std::uint32_t kFolderDepthMax = 64;
/// One request of `eval --batch`: two objects of 3 MiB each, with room for escapes.
inline constexpr std::size_t kBatchLineBytesMax = std::size_t{16} * 1024 * 1024;

// Patches. Source: apiserver JSON patch limits (10,000 operations; server/config.go
// JSONPatchMaxCopyBytes).
inline constexpr std::size_t kPatchOperationsMax = 10'000;
/// JSON that the copy operations of one patch may add.
inline constexpr std::size_t kPatchCopyBytesMax = std::size_t{3} * 1024 * 1024;

// CEL. Source: cel-go's parser options as Kubernetes sets them; apiserver's cost limits.
inline constexpr std::size_t kExpressionCodePointsMax = 100'000;
inline constexpr std::uint32_t kExpressionDepthMax = 250;
inline constexpr std::uint32_t kExpressionErrorsMax = 100;
/// Ours: `l.map(x, {x: x})` doubles its type each time.
inline constexpr std::size_t kTypeNodesMax = 2'000;
inline constexpr std::uint64_t kExpressionCostMax = 1'000'000;
inline constexpr std::uint64_t kPolicyCostMax = 10'000'000;
/// Of an explanation: ours, what a person reads.
inline constexpr std::uint32_t kExplainedElementsMax = 10;
inline constexpr std::size_t kExplainedPartsMax = 1'000;
inline constexpr std::size_t kRegexMemoryBytesMax = std::size_t{8} * 1024 * 1024;
/// Of a pattern that does not fit into the former: Go takes `\pL{1000}`, and so do we.
inline constexpr std::size_t kLargeRegexMemoryBytesMax = std::size_t{64} * 1024 * 1024;
/// Patterns that are no constants, kept by an environment; the size is in RE2's instructions.
inline constexpr std::size_t kPatternsKeptMax = 256;
inline constexpr std::size_t kKeptPatternSizeMax = 10'000;
/// Elements of a range of which is kept what loops compute of them; a longer one is computed each
/// time. Ours: far above what Pods have, 32 bytes each.
inline constexpr std::uint32_t kMemoElementsMax = 1024;
inline constexpr std::size_t kExpressionResultBytesMax =
    std::size_t{5} * 1024;  ///< A messageExpression's result.

// Policies. Source: ours; a bundle is configuration, not data.
inline constexpr std::size_t kPoliciesMax = 10'000;
inline constexpr std::size_t kVariablesPerPolicyMax = 100;
// In-tree policies. Source: apiserver pkg/apis/cel/config.go; admissionregistration validation.
inline constexpr std::uint64_t kMatchConditionsCostMax = 2'500'000;
inline constexpr std::size_t kMatchConditionsMax = 64;
inline constexpr std::size_t kAuditAnnotationsPerPolicyMax = 20;
inline constexpr std::size_t kAuditAnnotationExpressionBytesMax = std::size_t{5} * 1024;
/// Of one mutation, that are held against those of others: ours.
inline constexpr std::size_t kFieldChangesMax = 1'000;
inline constexpr std::size_t kAdmissionBindingsMax = 10'000;
/// Objects among the policies that bindings may take as params: ours.
inline constexpr std::size_t kParamObjectsMax = 10'000;
/// Enforcement: rules of all documents, which every request is held against.
inline constexpr std::size_t kEnforcementsMax = 1'000;
inline constexpr std::size_t kEnforcementRulesMax = 10'000;
inline constexpr std::size_t kPolicyExceptionsMax = 10'000;
/// Of one list in a rule or an exception: names, users, images.
inline constexpr std::size_t kPatternsPerListMax = 1'000;
/// Of one glob, a user's or an image's name. Source: longer than any of Kubernetes (253 bytes) and
/// of a digest's reference.
inline constexpr std::size_t kPatternBytesMax = 512;

/// What `random` of Kyverno's policies makes: names and tokens. Source: ours.
inline constexpr std::size_t kSamplePatternBytesMax = 4096;
inline constexpr std::uint32_t kSampleBytesMax = 4096;
inline constexpr std::uint32_t kSampleRepeatsMax = 16;
inline constexpr std::size_t kSampleDepthMax = 32;
inline constexpr std::size_t kSampleStepsMax = 65'536;  ///< Of reading the pattern.

/// Of one text or map that a function of Kyverno's policies makes: ours, more than an object has.
inline constexpr std::size_t kFunctionResultBytesMax = std::size_t{4} * 1024 * 1024;
/// Of a text that `yaml.parse` reads: ours, a tenth of a second; no object's field is near.
inline constexpr std::size_t kYamlTextBytesMax = std::size_t{128} * 1024;
/// Of an RSA modulus in a certificate. Source: four times the longest in use; taking it apart into
/// decimals is quadratic.
inline constexpr std::size_t kModulusBytesMax = 2048;

inline constexpr std::size_t kMessageCodePointsMax = 500;  ///< Of one violation.

// Reviews like ones seen before. Source: ours, memory of a worker.
/// How many are kept: the workloads of a cluster that are rolled out at the same time.
inline constexpr std::size_t kKeptReviewsMax = 32;
/// Of a review; a larger one is read each time. Most take less than a tenth of it.
inline constexpr std::size_t kKeptReviewBytesMax = std::size_t{64} * 1024;
/// Of all that are kept, with what is known of them.
inline constexpr std::size_t kKeptBytesMax = std::size_t{3} * 1024 * 1024;
/// Strings that may differ. Those of the Pods of a ReplicaSet: about a dozen.
inline constexpr std::size_t kReviewChangesMax = 48;
/// Places of strings of which is known who sees them.
inline constexpr std::size_t kTextPlacesMax = 2'048;

// What is said of an object holds nothing of its secrets. Source: ours.
/// A shorter stretch of a secret is not looked for: it would be found in every other word.
inline constexpr std::size_t kRedactedBytesMin = 6;
/// Of all that policies' expressions say of one object: thousands of violations; the rest is said
/// by titles.
inline constexpr std::size_t kRedactedTextBytesMax = std::size_t{256} * 1024;

// Responses. Source: webhook contract, 1.3.
inline constexpr std::size_t kWarningCodePointsMax = 120;
/// Of what in-tree policies warn of, whose texts begin with two names. Source: what the API server
/// cuts to where there are many.
inline constexpr std::size_t kAdmissionWarningCodePointsMax = 256;
inline constexpr std::size_t kWarningsMax = 15;
inline constexpr std::size_t kDenialBytesMax = 1024;
inline constexpr std::size_t kAuditAnnotationBytesMax = std::size_t{10} * 1024;

// Connections.
inline constexpr std::uint32_t kConnectionsMax = 8192;
inline constexpr std::chrono::seconds kIdleTimeout{
    300};  ///< Above the API server's 90 s, so that it closes first.
inline constexpr std::chrono::seconds kHandshakeTimeout{
    10};  ///< Source: client-go's TLS handshake timeout.
inline constexpr std::chrono::seconds kHeaderTimeout{10};
inline constexpr std::chrono::seconds kBodyTimeout{30};
inline constexpr std::chrono::seconds kWriteTimeout{30};
inline constexpr std::chrono::seconds kWebhookTimeoutDefault{
    10};  ///< Source: admissionregistration v1 defaults.
/// After `Connection: close`, for the client's end of the connection. Source: Go's net/http waits
/// 500 ms (rstAvoidanceDelay).
inline constexpr std::chrono::seconds kLingerTimeout{2};
/// Unfinished requests of all connections together; above it the slowest sender goes.
inline constexpr std::size_t kUnfinishedBytesMax = std::size_t{64} * 1024 * 1024;
/// A request that has waited longer than this for its turn is told to come again.
inline constexpr std::chrono::seconds kQueueTimeMax{1};
/// Requests that one connection gets answered before it is another's turn.
inline constexpr std::uint32_t kRequestsPerTurnMax = 16;
/// The same by time, which is what the others wait.
inline constexpr std::chrono::milliseconds kTurnTimeMax{2};
/// Reads of 64 KiB likewise.
inline constexpr std::uint32_t kReadsPerTurnMax = 8;
/// A larger body is answered on a thread of its own: ours, some milliseconds of work.
inline constexpr std::size_t kLargeBodyBytes = std::size_t{256} * 1024;
/// Of such bodies; above it the next one is told to come again.
inline constexpr std::size_t kLargeBytesWaitingMax = std::size_t{32} * 1024 * 1024;
/// A worker that takes longer to get to what was queued is stuck: more than any request may take.
inline constexpr std::chrono::seconds kWorkerSilenceMax{60};

// What operators see. Source: ours.
inline constexpr std::size_t kLogValueBytesMax = 1024;
/// Lines that wait for a reader who is slow; seconds of a busy server.
inline constexpr std::size_t kLogQueueBytesMax = std::size_t{4} * 1024 * 1024;
/// At the end of the process, for the lines that still wait.
inline constexpr std::chrono::seconds kLogFlushTimeout{2};
inline constexpr std::size_t kPolicyLabelsMax = 1000;

}  // namespace seaworthy::limits
