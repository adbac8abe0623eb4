"""sloptest-hook: tests for what you are about to commit.

The house has floors; a module imports only from floors below its own.

    __main__, cli     words typed by the user  -> one command -> one exit code
    commands          one module per command; the only place where edges are built
    pipeline          the story of a commit: values in, values out, the outside behind ports
    the subjects      config, git, symbols, coverage, planning, generation, guard, merging,
                      running, quality, cost, store, report, redaction: strangers to each other,
                      they meet only in the pipeline
    values, errors    the words every floor speaks

What travels, in this order:

    StagedChange -> Symbol -> CoverageVerdict -> Target -> Candidate -> MergedFile -> PytestRun
      -> Outcome(allow, warn, block)

What is kept: Fact (a symbol version and who executed what of it) and RecordedTest, in ``store``;
``pipeline/recall.py`` reads them at every commit, ``pipeline/memory.py`` where there is work.

``running/harness`` is a house of its own: it runs inside the project's interpreter, with the
standard library alone, and speaks JSON with the rest.

Start reading at ``pipeline/hook.py``.
"""

__version__ = "0.1.0.dev0"
