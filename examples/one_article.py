"""One article: its claims with the German they rest on, what the checks say of them, and a page to read.

    python examples/one_article.py fixtures/articles/own/bahn-warnstreik.txt [-o article.html] [-m MODEL --base-url URL]

Without -m the embedded model is asked (`presseschau model pull`, once).
"""

import argparse

import presseschau

parser = argparse.ArgumentParser()
parser.add_argument("article", help="a file or an address")
parser.add_argument("-o", "--out", default="article.html", help="the ending says the form: .html, .md, .json ...")
parser.add_argument("-m", "--model")
parser.add_argument("--base-url", help="an endpoint that speaks the OpenAI protocol")
given = parser.parse_args()

article = presseschau.read(given.article)
analysis = presseschau.analyze_article(article, presseschau.choose(given.model, base_url=given.base_url))

for claim in analysis.claims or ():
    print(f"{claim.text}  ({claim.speaker or 'the paper'}: {claim.stance})")
    for evidence in claim.evidence:
        print(f"    [{evidence.n}] {evidence.text}")
    for finding in claim.findings:
        print(f"    {finding.severity}: {finding.message}")

presseschau.results.write(analysis, given.out)
