"""What may stand in a message that the portal shows; everything else is left out.

Lists of words in one string each, since one word a line would take pages.
"""


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


HTML_TAGS = words(
    """
    a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup
    dd del div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li
    main mark menu nav ol p pre q s samp section small span strike strong sub sup table tbody td
    tfoot th thead time tr tt u ul var wbr
    """
)

MJML_TAGS = words(
    """
    mjml mj-accordion mj-accordion-element mj-accordion-text mj-accordion-title mj-all
    mj-attributes mj-body mj-breakpoint mj-button mj-carousel mj-carousel-image mj-class mj-column
    mj-divider mj-font mj-group mj-head mj-hero mj-html-attribute mj-html-attributes mj-image
    mj-navbar mj-navbar-link mj-preview mj-raw mj-section mj-selector mj-social mj-social-element
    mj-spacer mj-style mj-table mj-text mj-title mj-wrapper
    """
)

# For each tag, "*" for all: the attributes it may have. No address but a picture's is among them.
ATTRIBUTES = {
    "*": words("align bgcolor dir lang style title valign width"),
    "a": words("name"),
    "col": words("span"),
    "colgroup": words("span"),
    "font": words("color face size"),
    "hr": words("color noshade size"),
    "img": words("alt border height src"),
    "ol": words("start type"),
    "table": words("border cellpadding cellspacing height role"),
    "td": words("colspan height nowrap rowspan"),
    "th": words("colspan height nowrap rowspan scope"),
    "tr": words("height"),
}

# No position and no z-index: nothing may lie over anything else.
CSS_PROPERTIES = words(
    """
    background background-color border border-bottom border-bottom-color border-bottom-style
    border-bottom-width border-collapse border-color border-left border-left-color
    border-left-style border-left-width border-radius border-right border-right-color
    border-right-style border-right-width border-spacing border-style border-top border-top-color
    border-top-style border-top-width border-width box-sizing caption-side clear color direction
    display empty-cells float font font-family font-size font-style font-variant font-weight height
    letter-spacing line-height list-style list-style-position list-style-type margin margin-bottom
    margin-left margin-right margin-top max-height max-width min-height min-width opacity overflow
    overflow-wrap padding padding-bottom padding-left padding-right padding-top table-layout
    text-align text-decoration text-indent text-overflow text-transform vertical-align visibility
    white-space width word-break word-spacing word-wrap
    """
)

# Any other might name an address: url(), image-set(), cross-fade(), src() ...
CSS_FUNCTIONS = words("rgb rgba hsl hsla calc min max clamp linear-gradient")
