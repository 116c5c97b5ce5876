/** A small lexicon of what texts on a topic talk about; it helps a label of that name, nothing else. */
export const TOPIC_WORDS: Readonly<Record<string, string>> = {
  finance:
    "bank budget cost credit debt earnings economy finance financial fund inflation interest invest investment investor invoice loan market money price profit rate revenue stock tax trade",
  sports:
    "athlete ball champion coach cup game goal league match olympic player race score season sport stadium team tournament win",
  technology:
    "ai algorithm app artificial cloud code computer cyber data device digital hardware intelligence internet learning machine mobile network robot software technology web",
  politics:
    "campaign congress election government law minister parliament party policy political politics president regulation senate sanction vote",
  health:
    "cancer clinic clinical disease doctor drug health healthcare hospital medical medicine mental nurse patient symptom therapy treatment vaccine virus",
  science:
    "biology chemistry climate discovery energy experiment gene laboratory physics planet research researcher science space species study theory",
  legal:
    "agreement clause compliance contract court judge lawsuit lawyer legal liability litigation penalty privacy terms termination",
  billing:
    "bill billing card charge charged credit fee invoice overcharged paid pay payment price refund subscription",
  technical:
    "bug crash error exception fail failing fix install log outage password reset slow timeout upgrade",
  complaint:
    "angry awful bad broken complain complaint disappointed refund terrible unacceptable worst",
  question: "can does how question what when where which who why",
  analysis:
    "analyse analyze assess breakdown cause evaluate evaluation examine feasibility impact investigate measure risk root strategy understand",
  decision:
    "approve build buy choose decide decision deadline option recommend select should whether",
  comparison:
    "alternative best better compare comparison difference option provider rank versus vs",
  drafting: "article blog compose draft email letter memo paragraph rewrite write",
  validation: "check conform correct proof qa test validate validation verify",
  research: "find information investigate literature paper research search source study survey",
  planning: "calendar milestone migrate migration phase plan planning roadmap schedule timeline",
  phases:
    "after before migrate migration milestone phase roadmap rollout schedule stage step then timeline transition",
  stakeholders:
    "customer department employee owner partner regulator sponsor stakeholder supplier team user",
  risks: "danger failure hazard loss risk threat uncertain vulnerability",
  questions: "how question unknown what when where whether who why",
  dimensions:
    "architecture budget cost dimension factor performance platform quality scale scaling scope speed strategy",
  themes: "pattern theme topic trend",
};
